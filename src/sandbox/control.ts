/** What tests and demos ask of the sandbox itself, under `/sandbox`. The platform has nothing of it. */
import { Hono } from 'hono';
import { type Faults, readFaults } from './faults';
import type { Live } from './live';
import type { MatchedBy, Store, StoredEvent } from './store';

/** The control plane, to be mounted at `/sandbox`. No key is asked for: it listens on this machine only. */
export function createControl({ store, live, faults }: { store: Store; live: Live; faults: Faults }): Hono {
  const control = new Hono();

  // A page of another site in the same browser must not reach in.
  control.use(async (c, next) => {
    const site = c.req.header('sec-fetch-site');
    if (site && site !== 'same-origin' && site !== 'none') {
      return c.json({ error: 'Only for pages of the sandbox and for programs' }, 403);
    }
    return next();
  });

  control.get('/faults', c => c.json({ faults: faults.left() }));
  control.post('/faults', async c => {
    const read = readFaults(await c.req.json().catch(() => undefined));
    if ('reason' in read) return c.json({ error: read.reason }, 400);
    faults.add(read.faults);
    return c.json({ faults: faults.left() });
  });
  control.delete('/faults', c => {
    faults.clear();
    return c.body(null, 204);
  });

  control.get('/events', c => {
    const since = Number(c.req.query('since') ?? 0);
    if (!Number.isSafeInteger(since)) return c.json({ error: 'since must be the number n of an event' }, 400);
    const type = c.req.query('type');
    return c.json(store.events({ since, ...(type && { type }) }).map(describeEvent));
  });
  control.delete('/events', c => {
    store.clear();
    live.announce({ kind: 'cleared' });
    return c.body(null, 204);
  });

  control.get('/contacts', c => c.json(store.contacts()));
  control.get('/contacts/:id/timeline', c => {
    const id = Number(c.req.param('id'));
    if (!store.contact(id)) return c.json({ error: 'There is no such contact' }, 404);
    return c.json(
      store
        .timeline(id)
        .map(event => ({ ...describeEvent(event), at: event.at, how: how(event.matchedBy, event.joined) })),
    );
  });

  control.get('/requests', c => c.json(store.answerCounts()));
  return control;
}

/** How an event came to a contact, in words: `by email`, `joined by cookie id`. */
export function how(matchedBy: MatchedBy | null, joined: boolean): string {
  return joined ? 'joined by cookie id' : `by ${matchedBy}`;
}

function describeEvent(event: StoredEvent) {
  const body = JSON.parse(event.body);
  return {
    n: event.n,
    eventTypeKey: event.type,
    keyValue: event.key,
    params: body.params ?? [],
    body,
    receivedAt: event.receivedAt,
    ...(event.occurred !== null && { occurred: event.occurred }),
    contactId: event.contactId,
    matchedBy: event.matchedBy,
    via: event.via,
    copy: event.copy,
  };
}
