/**
 * All work of the main thread that a tag adds to a first page: what test `a` of peers-bench calls `addedTotalMs`, at the
 * processor's own speed and with nothing else, so that there is time for many loads. It is the difference of two pages
 * of 25 ms, which a dozen loads cannot tell to a tenth.
 *
 * `peers.mjs` copies this file beside the `lib` of peers-bench, and runs it there:
 *
 *     node main-thread.mjs --only shoptrail,plausible --scale 40 --out main.json
 */
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { launch, newContext } from './lib/browser.mjs';
import { Collector } from './lib/collector.mjs';
import { loadContestants } from './lib/contestants.mjs';
import { Site } from './lib/site.mjs';
import { analyse } from './lib/tests/a.mjs';
import { median } from './lib/util.mjs';

const BLANK = '(blank)';

/** As in test `a`: what is traced costs time itself, and until when a page is watched, in milliseconds after `load`. */
const TRACED =
  'devtools.timeline,disabled-by-default-devtools.timeline,v8,disabled-by-default-v8.compile,blink.user_timing,loading,__metadata';
const WATCHED = 1000;

/** The main thread's work in one first load, in milliseconds; undefined when the trace does not tell. */
const load = async (browser, cdp, site, name, contestant) => {
  const collector = await new Collector(contestant ?? { decode: () => [] }).start();
  const context = await newContext(browser);
  const events = [];
  const gather = ({ value }) => events.push(...value);
  cdp.on('Tracing.dataCollected', gather);
  try {
    const page = await context.newPage();
    const traceConfig = { recordMode: 'recordAsMuchAsPossible', includedCategories: TRACED.split(',') };
    await cdp.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig });
    const url = site.url(name, collector);
    await page.goto(url, { waitUntil: 'load' });
    await sleep(WATCHED);
    const complete = new Promise(done => cdp.once('Tracing.tracingComplete', done));
    await cdp.send('Tracing.end');
    await complete;
    return analyse(events, url, [])?.totalMs;
  } finally {
    cdp.off('Tracing.dataCollected', gather);
    await context.close();
    await collector.stop();
  }
};

const text = { type: 'string' };
const { values } = parseArgs({ options: { only: text, scale: text, out: text }, strict: false });
const contestants = await loadContestants(values.only.split(','));
const names = [BLANK, ...contestants.keys()];
const took = Object.fromEntries(names.map(name => [name, []]));
const site = await new Site(contestants).start();
const browser = await launch();
const cdp = await browser.newBrowserCDPSession();
const loads = Math.max(2, Math.round(values.scale));
for (let n = 0; n < loads; n++) {
  for (const at of names.keys()) {
    const name = names[(n + at) % names.length];
    const ms = await load(browser, cdp, site, name, contestants.get(name));
    if (ms) took[name].push(ms);
  }
}
await browser.close();
site.stop();

const blank = median(took[BLANK]);
const measured = {};
for (const name of contestants.keys()) {
  measured[name] = { main: { addedMs: median(took[name]) - blank, loads: took[name].length } };
  console.log(
    `${name}: ${measured[name].main.addedMs.toFixed(2)} ms beside ${blank.toFixed(2)} ms of the page`,
  );
}
writeFileSync(values.out, JSON.stringify({ contestants: measured }));
