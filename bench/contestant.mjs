/**
 * Our tag as a contestant of peers-bench (its README: "Adding a contestant"), with the defaults of the pasted line.
 * SHOPTRAIL_TAG is the file to measure, default `dist/shoptrail.js`.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const tag = process.env.SHOPTRAIL_TAG ?? fileURLToPath(new URL('../dist/shoptrail.js', import.meta.url));

/** The marker: an event of the shop's own with one number in it. Page views come beside it, as with the other tags. */
const KEY = 'product_added';

/** What a request of the tag says; of another request (the favicon) nothing. */
const read = ({ method, path, text }) => {
  if (method !== 'POST' || !path.endsWith('/v2/event')) return { events: [], have: [] };
  const { events = [], have = [] } = JSON.parse(text);
  return { events, have };
};

/**
 * Ids that a collector has taken. One set for all trials: ids are UUIDs, and each trial has its own visitor. Only
 * `reply` adds to it, because a request that is answered 503 is decoded too, but never replied to.
 */
const taken = new Set();

export default {
  name: 'shoptrail',
  version,
  bundle: 'dist/shoptrail.js',
  note: 'Defaults: IndexedDB queue, bursts of two seconds, beacons on hide, in-doubt ids asked for.',
  dedupKey: 'id',
  files: { '/tag.js': tag },
  pageScript: env => ({
    src: [`${env.lib}/tag.js`],
    init: `shoptrail.init({endpoint:${JSON.stringify(env.collector)}})`,
  }),
  trackExpr: n => `shoptrail.track('${KEY}',{n:${n}})`,

  /** The marker numbers of a request, accepted or not. */
  decode: request =>
    read(request).events.flatMap(({ event }) =>
      event.eventTypeKey === KEY ? Number(event.params.find(({ name }) => name === 'n').value) : [],
    ),

  /** What the relay answers: it has every event now, and of the ids in doubt it names those that it had. */
  reply(request) {
    const { events, have } = read(request);
    const known = have.filter(id => taken.has(id));
    const ids = events.map(({ id }) => id);
    for (const id of ids) taken.add(id);
    return { body: JSON.stringify({ accepted: [...ids, ...known], rejected: [] }) };
  },
};
