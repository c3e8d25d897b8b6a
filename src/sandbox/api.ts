/** The platform's resources: `/api/v1/event`, `/api/v2/event`, `/api/v1/past_events`, `/api/v1/contact/subscribe`. */
import { type Context, Hono } from 'hono';
import { type Caller, whoCalls } from './auth';
import { type Bindings, cut, truncate } from './connection';
import type { Fault, Faults } from './faults';
import type { Live } from './live';
import { locatorsOf } from './locators';
import { findByKey, findContact, matchEvent } from './matching';
import { readOccurred } from './occurred';
import { checkEvent, isAnonymous, type LocatorRule, MAX_EVENT_BYTES, stamps } from './rules';
import type { NewEvent, Store } from './store';
import { readSubscription, saveSubscription } from './subscribe';
import { isObject } from './values';

/** "You can send an array of up to 500 such events within one request" (seed 002). */
const MAX_PAST_EVENTS = 500;

/** No request is larger than the largest that could be right: 500 past events of 20,000 bytes, and some room. */
const MAX_REQUEST_BYTES = MAX_PAST_EVENTS * (MAX_EVENT_BYTES + 100);

export interface ApiOptions {
  store: Store;
  live: Live;
  faults: Faults;
  /** Milliseconds since 1970. */
  clock: () => number;
  apiKey: string;
  token: string;
  locators: LocatorRule;
  /** Whether `DELETE /api/v1/past_events` works: "inactive by default" (seed 002). */
  pastDelete: boolean;
  /** Time zone of the account, in which `occurred` is read. */
  timeZone: string;
}

type Env = { Bindings: Bindings; Variables: { body: Uint8Array; caller: Caller; reason: string } };

/** The API, to be mounted at `/api`. */
export function createApi(options: ApiOptions): Hono<Env> {
  const { store, live, faults, clock } = options;
  const api = new Hono<Env>();

  /** Every answer is counted, with the reason when it is a refusal. */
  api.use(async (c, next) => {
    const request = `${c.req.method} ${c.req.path}`;
    const note = (status: string, reason: string | null) => {
      store.addAnswer({ at: clock(), request, status, reason });
      live.announce({ kind: 'answer' });
    };
    c.set('body', new Uint8Array(await c.req.arrayBuffer()));
    const fault = faults.take();
    if (fault?.kind === 'slow') await new Promise(resolve => setTimeout(resolve, fault.ms));
    if (fault?.kind === 'drop') {
      note('dropped', 'Fault: dropped before storing');
      return cut(c.env);
    }
    if (fault?.kind === 'status') {
      note(String(fault.status), 'Fault: ordered status');
      return answerFault(fault);
    }
    await next();
    if (fault?.kind === 'drop-after') {
      note('dropped', `Fault: dropped instead of ${c.res.status}`);
      c.res = undefined;
      c.res = cut(c.env);
      return;
    }
    if (fault?.kind === 'truncate') {
      note('truncated', `Fault: truncated instead of ${c.res.status}`);
      c.res = undefined;
      c.res = truncate(c.env);
      return;
    }
    note(String(c.res.status), c.get('reason') ?? null);
    return;
  });

  api.use(async (c, next) => {
    const caller = whoCalls(c.req.header('authorization'), options);
    if (!caller) {
      const reason = 'Give the API key as the password of Basic authorization, or a Bearer token';
      return refuse(c, 401, reason);
    }
    c.set('caller', caller);
    return next();
  });

  for (const path of ['/v1/event', '/v2/event']) api.post(path, generateEvent);
  api.post('/v1/past_events', addPastEvents);
  api.delete('/v1/past_events', deletePastEvents);
  api.post('/v1/contact/subscribe', subscribe);
  api.all('*', c => refuse(c, 404, 'There is no such resource in the sandbox'));
  api.onError((error, c) => {
    console.error(error);
    return refuse(c, 500, 'The sandbox failed. Its own output says why');
  });

  function generateEvent(c: Context<Env>): Response {
    const { length } = c.get('body');
    if (length > MAX_EVENT_BYTES) {
      return refuse(c, 400, `The event has ${length} bytes: at most ${MAX_EVENT_BYTES} are allowed`);
    }
    const read = readJson(c);
    if ('reason' in read) return refuse(c, 400, read.reason);
    const checked = checkEvent(read.json, options.locators);
    if ('reason' in checked) return refuse(c, 400, checked.reason);

    const { event, key } = checked;
    const at = clock();
    const n = store.transaction(() => {
      const anonymous = isAnonymous(key, event.params);
      const match = anonymous ? undefined : matchEvent(store, key, event.params, at);
      return store.addEvent({
        type: event.eventTypeKey,
        key,
        body: read.text,
        via: 'event',
        receivedAt: at,
        at,
        contactId: match?.contactId ?? null,
        matchedBy: match?.by ?? null,
        anonymous,
        ...stamps(event.params),
      });
    });
    live.announce({ kind: 'event', n });
    return c.body(null, 200, { 'Content-Length': '0' });
  }

  function addPastEvents(c: Context<Env>): Response {
    const read = readJson(c);
    if ('reason' in read) return refuse(c, 400, read.reason);
    const items = isObject(read.json) ? read.json.events : undefined;
    if (!Array.isArray(items)) return refuse(c, 400, 'Expected {"events": [...]}');
    if (items.length === 0) return refuse(c, 400, 'events is empty');
    if (items.length > MAX_PAST_EVENTS) {
      return refuse(c, 400, `${items.length} events: at most ${MAX_PAST_EVENTS} are allowed in a request`);
    }
    const events: NewEvent[] = [];
    for (const [index, item] of items.entries()) {
      const past = readPastEvent(item);
      if ('reason' in past) return refuse(c, 400, `events[${index}]: ${past.reason}`);
      events.push(past.event);
    }
    const numbers = store.transaction(() => events.map(event => store.addEvent(event)));
    for (const n of numbers) live.announce({ kind: 'event', n });
    return c.body(null, 200, { 'Content-Length': '0' });
  }

  function readPastEvent(item: unknown): { event: NewEvent } | { reason: string } {
    const checked = checkEvent(item, options.locators);
    if ('reason' in checked) return checked;
    const body = JSON.stringify(item);
    const bytes = Buffer.byteLength(body);
    if (bytes > MAX_EVENT_BYTES) {
      return { reason: `The event has ${bytes} bytes: at most ${MAX_EVENT_BYTES} are allowed` };
    }
    const occurred = readOccurred((item as Record<string, unknown>).occurred, options.timeZone);
    if (!occurred) return { reason: 'occurred must be YYYY-MM-DD or YYYY-MM-DDTHH:mm' };

    const { event, key } = checked;
    const locators = locatorsOf(event.params);
    const match = Object.keys(locators).length > 0 ? findContact(store, locators) : findByKey(store, key);
    if (!match) return { reason: 'There is no contact with this key or locator: import contacts first' };
    return {
      event: {
        type: event.eventTypeKey,
        key,
        body,
        via: 'past_events',
        receivedAt: clock(),
        occurred: occurred.local,
        at: occurred.at,
        contactId: match.contactId,
        matchedBy: match.by,
        anonymous: false,
        ...stamps(event.params),
      },
    };
  }

  function deletePastEvents(c: Context<Env>): Response {
    if (!options.pastDelete) {
      return refuse(
        c,
        403,
        'Deleting past events is inactive. In the sandbox SANDBOX_PAST_DELETE=on activates it',
      );
    }
    const read = readJson(c);
    if ('reason' in read) return refuse(c, 400, read.reason);
    const { from, to } = isObject(read.json) ? read.json : {};
    const start = readOccurred(from, options.timeZone);
    const end = readOccurred(to, options.timeZone);
    if (!start || !end) return refuse(c, 400, 'from and to are required: YYYY-MM-DD or YYYY-MM-DDTHH:mm');
    if (start.at > end.at) return refuse(c, 400, 'from is later than to');
    store.deletePast(start.at, end.at);
    live.announce({ kind: 'answer' });
    return c.body(null, 200, { 'Content-Length': '0' });
  }

  function subscribe(c: Context<Env>): Response {
    // A token is "limited to generate events, past events, remove events" (docs).
    if (c.get('caller') === 'token') {
      return refuse(c, 403, 'A Bearer token may only send events: subscribe with the API key');
    }
    const read = readJson(c);
    if ('reason' in read) return refuse(c, 400, read.reason);
    const checked = readSubscription(read.json);
    if ('reason' in checked) return refuse(c, 400, checked.reason);

    const { subscription } = checked;
    const at = clock();
    const { id, n } = store.transaction(() => {
      const { id, known } = saveSubscription(store, subscription, at);
      const { formType, email } = subscription;
      const type = known ? 'subscribeUpdateFromApi' : 'subscribeFromApi';
      const params: { name: string; value: unknown }[] = [{ name: 'ContactId', value: id }];
      if (email !== undefined) params.push({ name: 'EmailAddress', value: email });
      const body = {
        eventTypeKey: formType === undefined ? type : `${type}-${formType}`,
        keyValue: String(id),
        params,
      };
      const n = store.addEvent({
        type: body.eventTypeKey,
        key: body.keyValue,
        body: JSON.stringify(body),
        via: 'subscribe',
        receivedAt: at,
        at,
        contactId: id,
        matchedBy: 'contactId',
        eventId: null,
        cookieId: null,
        anonymous: false,
      });
      return { id, n };
    });
    live.announce({ kind: 'event', n });
    return c.json({ id });
  }

  return api;
}

/** The body as JSON, whatever content type it was announced as. */
function readJson(c: Context<Env>): { json: unknown; text: string } | { reason: string } {
  const bytes = c.get('body');
  if (bytes.length > MAX_REQUEST_BYTES) return { reason: 'The request is too large' };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { json: JSON.parse(text), text };
  } catch {
    return { reason: 'The body cannot be read as JSON in UTF-8' };
  }
}

/** A refusal: 401, 403 and 404 as JSON (seen by the vendor's own plugin for 401), everything else as plain text. */
function refuse(c: Context<Env>, status: 400 | 401 | 403 | 404 | 500, message: string): Response {
  c.set('reason', message);
  return status === 400 || status === 500 ? c.text(message, status) : c.json({ status, message }, status);
}

function answerFault({ status, retryAfter, body }: Fault & { kind: 'status' }): Response {
  const text = body ?? (status === 401 ? JSON.stringify({ status, message: 'Unauthorized' }) : '');
  const headers = new Headers({ 'Content-Type': /^\s*[[{]/.test(text) ? 'application/json' : 'text/plain' });
  if (retryAfter !== undefined) headers.set('Retry-After', retryAfter);
  const hasNoBody = status === 204 || status === 205 || status === 304;
  return new Response(hasNoBody ? null : text, { status, headers });
}
