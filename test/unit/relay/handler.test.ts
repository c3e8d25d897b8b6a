import { randomUUID } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Asset } from '../../../src/relay/core/assets';
import type { RequestFacts } from '../../../src/relay/core/handler';
import { readIngest } from '../../../src/relay/core/ingest';
import type { Metrics } from '../../../src/relay/core/metrics';
import type { Outbox } from '../../../src/relay/core/outbox';
import { createRelay, type RelayOptions } from '../../../src/relay/core/relay';
import { createMetrics } from '../../../src/relay/hosts/metrics';
import { openSqliteOutbox } from '../../../src/relay/hosts/sqlite-outbox';
import { envelopeOf, eventOf, visitorA, visitorB } from './support/events';

const token = 'a-token-for-operators';
const noon = 1_700_000_000_000;

let outbox: Outbox;
let counted: Record<string, number>;
let now: number;
beforeEach(() => {
  outbox = openSqliteOutbox(':memory:');
  counted = {};
  now = noon;
});
afterEach(() => {
  vi.useRealTimers();
  outbox.close();
});

const metrics: Metrics = {
  count(name, labels = {}, by = 1) {
    const key = [name, ...Object.values(labels)].join(' ');
    counted[key] = (counted[key] ?? 0) + by;
  },
  forwardSeconds() {},
};

/** A relay that forwards nothing: it is never started. */
const relayWith = (options: Partial<RelayOptions> = {}) =>
  createRelay({
    outbox,
    platform: { post: async () => ({ kind: 'later' }) },
    now: () => now,
    metrics,
    ...options,
  });

interface Sent {
  relay?: ReturnType<typeof relayWith>;
  headers?: Record<string, string>;
  facts?: RequestFacts;
  path?: string;
}

const post = async (
  body: unknown,
  { relay = relayWith(), headers, facts, path = '/x/v2/event' }: Sent = {},
) => {
  const request = new Request(`http://relay.example${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', host: 'relay.example', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const response = await relay.fetch(request, facts);
  return { status: response.status, headers: response.headers, body: await response.json() };
};

const get = (path: string, { relay = relayWith(), headers, facts }: Sent = {}) =>
  relay.fetch(new Request(`http://relay.example${path}`, { headers }), facts);

const stored = () => outbox.list('waiting', 100);

/** Until so many faked timers are set. No `waitFor`: that would let their time pass. */
const timersSet = async (count: number) => {
  while (vi.getTimerCount() < count) await new Promise(setImmediate);
};

/** Lets faked time pass until there is an answer. */
const turnTimers = async <T>(answer: Promise<T>): Promise<T> => {
  let answered = false;
  const done = answer.finally(() => {
    answered = true;
  });
  while (!answered) {
    await new Promise(setImmediate);
    vi.advanceTimersToNextTimer();
  }
  return done;
};

describe('taking events', () => {
  it('stores a batch and answers with its ids', async () => {
    const events = [envelopeOf(visitorA), envelopeOf(visitorA)];
    const { status, body } = await post({ events, sentAt: noon });
    expect(status).toBe(200);
    expect(body).toEqual({ accepted: events.map(one => one.id), rejected: [] });
    expect(await stored()).toEqual(events.map(one => one.id));
  });

  it('takes text/plain as sendBeacon sends it', async () => {
    const one = envelopeOf();
    const { body } = await post(
      { events: [one] },
      { headers: { 'content-type': 'text/plain;charset=UTF-8' } },
    );
    expect(body.accepted).toEqual([one.id]);
  });

  it('answers a repeat as accepted and stores it once', async () => {
    const one = envelopeOf();
    await post({ events: [one] });
    expect((await post({ events: [one, one] })).body).toEqual({ accepted: [one.id], rejected: [] });
    expect(await stored()).toEqual([one.id]);
    expect(counted).toMatchObject({ 'events_received stored': 1, 'events_received repeated': 2 });
  });

  it('says which ids it has, and nothing of the others', async () => {
    const [waiting, forwarded] = [envelopeOf(), envelopeOf()];
    await post({ events: [forwarded] });
    const [claimed] = await outbox.claim(now, 1);
    await outbox.settle(claimed!, { kind: 'forwarded' }, now);
    await post({ events: [waiting] });
    const { status, body } = await post({ events: [], have: [waiting.id, forwarded.id, randomUUID()] });
    expect(status).toBe(200);
    expect(body.rejected).toEqual([]);
    expect(body.accepted.sort()).toEqual([waiting.id, forwarded.id].sort());
  });

  it('lets go first what a page had on its way when its beacon left', async () => {
    const [first, second] = [envelopeOf(), envelopeOf()];
    const overtaking = post({ events: [second], after: [first.id] });
    await post({ events: [first] });
    await overtaking;
    const order = (await outbox.claim(now, 10)).map(({ id }) => id);
    expect(order).toEqual([first.id, second.id]);
  });

  it('waits ten seconds, and no longer, for what never comes', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'Date'] });
    const asked = Date.now();
    const alone = envelopeOf();
    const answer = await turnTimers(post({ events: [alone], after: [randomUUID()] }));
    const waited = Date.now() - asked;
    expect(answer.body.accepted).toEqual([alone.id]);
    expect(waited).toBeGreaterThanOrEqual(10_000);
    expect(waited).toBeLessThan(11_000);
  });

  it('waits for nothing when it has nothing to store', async () => {
    const known = vi.spyOn(outbox, 'known');
    const after = [randomUUID()];
    expect((await post({ events: [], after })).status).toBe(200);
    expect((await post({ events: ['bad'], after })).body.rejected).toHaveLength(1);
    expect(known).not.toHaveBeenCalled();
  });

  it('waits for no id that nobody can have', async () => {
    const known = vi.spyOn(outbox, 'known');
    const [one, ids] = [envelopeOf(), ['short', 'x'.repeat(65), 'with a space']];
    expect((await post({ events: [one], after: ids, have: ids })).body.accepted).toEqual([one.id]);
    expect(known).not.toHaveBeenCalled();
  });

  it.each([
    ['a hundred requests wait', 100, (at: number) => `1.1.1.${at % 10}`],
    ['twenty of its address wait', 20, () => '1.1.1.9'],
  ])('stores at once what comes while %s, and the others in their time', async (_, places, addressOf) => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const relay = relayWith();
    const send = (one: ReturnType<typeof envelopeOf>, address = '1.1.1.9') =>
      post({ events: [one], after: [randomUUID()] }, { relay, facts: { address } });
    const waiting = Array.from({ length: places }, () => envelopeOf());
    const answers = waiting.map((one, at) => send(one, addressOf(at)));
    await timersSet(places);
    const [late, later] = [envelopeOf(), envelopeOf()];
    expect((await send(late)).body.accepted).toEqual([late.id]);
    expect(await outbox.list('waiting', 200)).toEqual([late.id]);

    await turnTimers(Promise.all(answers));
    expect((await outbox.list('waiting', 200)).sort()).toEqual([late, ...waiting].map(({ id }) => id).sort());
    // There is room again.
    const last = send(later);
    await timersSet(1);
    await turnTimers(last);
  });

  it('holds what it will store while it waits, and not what was sent', async () => {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as () => void;
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const { parse } = JSON;
    let body!: WeakRef<object>;
    // Not a spy: that would keep what it returned.
    JSON.parse = text => {
      const data = parse(text);
      body = new WeakRef(data);
      return data;
    };
    const answer = post({ events: [envelopeOf()], after: [randomUUID()] });
    await timersSet(1);
    JSON.parse = parse;
    await new Promise(setImmediate);
    gc();
    expect(body.deref()).toBeUndefined();
    await turnTimers(answer);
  });

  it('refuses a bad event with a reason, and takes the good ones beside it', async () => {
    const good = [envelopeOf(), envelopeOf()];
    const bad = [
      { ...envelopeOf(), event: { eventTypeKey: 'a<b', params: [] } },
      { ...envelopeOf(), event: undefined },
      { ...envelopeOf(), id: 'short' },
      { event: eventOf('x') },
      'nonsense',
      null,
    ];
    const { status, body } = await post({ events: [good[0], ...bad, good[1]] });
    expect(status).toBe(200);
    expect(body.accepted).toEqual(good.map(one => one.id));
    expect(body.rejected.map((one: { id: string }) => one.id)).toEqual([
      (bad[0] as { id: string }).id,
      (bad[1] as { id: string }).id,
      'short',
      '',
      '',
      '',
    ]);
    for (const { reason } of body.rejected) expect(reason).toMatch(/\w+: .+/);
    expect(counted).toMatchObject({ 'events_received rejected': 6, 'events_received stored': 2 });
  });

  it('hands on what v2 has and nothing else', async () => {
    const one = envelopeOf(visitorA);
    await post({ events: [{ ...one, event: { ...one.event, callback: 'https://evil.example' } }] });
    const [row] = await outbox.claim(now, 1);
    expect(row).toMatchObject({ id: one.id, type: 'pageViewed', visitor: visitorA });
    expect(row!.body).toBe(JSON.stringify(one.event));
  });

  it('survives values that cannot be made a text', async () => {
    const good = envelopeOf();
    const odd = { eventTypeKey: 'x', params: [{ name: 'email', value: { toString: 1 } }] };
    const { status, body } = await post({ events: [{ ...envelopeOf(), event: odd }, good] });
    expect(status).toBe(200);
    expect(body.accepted).toContain(good.id);
  });

  it('never fails on an event without params', async () => {
    const { status } = await post({
      events: [{ ...envelopeOf(), event: { eventTypeKey: 'x', keyValue: 'k' } }],
    });
    expect(status).toBe(200);
  });

  it('takes a bare v2 event of a server and returns the id it made', async () => {
    const event = { eventTypeKey: 'orderCreated', keyValue: 'ann@example.com', params: [] };
    const { body } = await post(event);
    expect(body.accepted).toHaveLength(1);
    expect(await stored()).toEqual(body.accepted);
    const [row] = await outbox.claim(now, 1);
    expect(JSON.parse(row!.body)).toEqual(event);
    expect(row!.visitor).toBe('ann@example.com');
  });

  it('knows a bare event by the id it carries', async () => {
    const id = randomUUID();
    await post(eventOf(id));
    expect((await post(eventOf(id))).body.accepted).toEqual([id]);
    expect(await stored()).toEqual([id]);
  });

  it('refuses a bare event with a reason', async () => {
    expect((await post({ eventTypeKey: 'x', params: [] })).body).toEqual({
      accepted: [],
      rejected: [{ id: '', reason: expect.stringContaining('keyValue') }],
    });
  });

  it('keeps the order of a server’s events without a key, by the person that their params name', async () => {
    const order = (email: string) => ({ eventTypeKey: 'order', params: [{ name: 'email', value: email }] });
    const ids: string[] = [];
    for (const email of ['ann@example.com', 'Ann@example.com', 'bob@example.com']) {
      ids.push(...(await post(order(email))).body.accepted);
    }
    const rows = await outbox.claim(now, 10);
    expect(rows.map(({ id }) => id)).toEqual([ids[0], ids[2]]);
    await outbox.settle(rows[0]!, { kind: 'forwarded' }, now);
    expect((await outbox.claim(now, 10)).map(({ id }) => id)).toEqual([ids[1]]);
  });

  // JSON.parse reads the first two as 9007199254740992 and 900719925474099200.
  it.each(['9007199254740993', '900719925474099267', '1e400', '10.5'])(
    'refuses a locator that may have lost digits as a number, and says to send it as text: %s',
    async number => {
      for (const name of ['contactId', 'externalCustomerId', 'email', 'PHONE', 'pushToken']) {
        const params = `[{"name":"order","value":1},{"name":"${name}","value":${number}}]`;
        const rejected = [
          { id: expect.any(String), reason: expect.stringMatching(/^params\[1]\.value: .*text/) },
        ];
        for (const key of ['', '"keyValue":"k",']) {
          const event = `{"eventTypeKey":"x",${key}"params":${params}}`;
          expect((await post(event)).body).toEqual({ accepted: [], rejected });
          for (const held of [true, false]) {
            const batch = `{"events":[{"id":"an-event-id","at":1,"held":${held},"event":${event}}]}`;
            expect((await post(batch)).body).toEqual({ accepted: [], rejected });
          }
        }
      }
      expect(await stored()).toEqual([]);
    },
  );

  it('refuses a key that is a number, and says to send it as text', async () => {
    const { body } = await post('{"eventTypeKey":"x","keyValue":9007199254740993,"params":[]}');
    expect(body.rejected).toEqual([{ id: '', reason: expect.stringMatching(/^keyValue: .*text/) }]);
  });

  it('takes other numbers as they are', async () => {
    const params =
      '[{"name":"phone","value":380501234567},{"name":"price","value":10.5},{"name":"n","value":1e300}]';
    expect((await post(`{"eventTypeKey":"x","params":${params}}`)).body.rejected).toEqual([]);
    const [row] = await outbox.claim(now, 1);
    expect(JSON.parse(row!.body).params).toEqual(JSON.parse(params));
  });

  it('accepts types that do not leave, and keeps only their id', async () => {
    const [leaving, staying] = [envelopeOf(visitorA, 'cartUpdated'), envelopeOf(visitorA, 'pageViewed')];
    const { body } = await post(
      { events: [staying, leaving] },
      { relay: relayWith({ events: '!pageViewed' }) },
    );
    expect(body.accepted).toEqual([staying.id, leaving.id]);
    expect(await stored()).toEqual([leaving.id]);
    expect(await outbox.list('skipped', 9)).toEqual([staying.id]);
    expect(counted).toMatchObject({ 'events_received skipped': 1, 'events_received stored': 1 });
  });

  it.each([
    ['a right clock', noon, noon - 5_000, noon - 5_000],
    ['a clock an hour late', noon - 3_600_000, noon - 3_605_000, noon - 5_000],
    ['no usable clock', 'yesterday', noon - 5_000, noon - 5_000],
  ])('keeps when it happened: %s', async (_, sentAt, at, expected) => {
    const one = envelopeOf();
    await post({ events: [{ ...one, at }], sentAt });
    const [row] = await outbox.claim(now, 1);
    await outbox.settle(row!, { kind: 'dead', reason: 'no' }, now);
    expect((await outbox.deadLetters(1))[0]!.at).toBe(expected);
  });

  it('answers 503 with Retry-After when the outbox does not keep it', async () => {
    const broken = { ...outbox, add: async () => Promise.reject(new Error('disk full')) };
    const { status, headers } = await post(
      { events: [envelopeOf()] },
      { relay: relayWith({ outbox: broken }) },
    );
    expect(status).toBe(503);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('what is refused whole', () => {
  it.each([
    ['no JSON', '{', 400, /JSON/],
    ['nothing', '', 400, /JSON/],
    ['a list', [], 400, /events/],
    ['no events', {}, 400, /events/],
    ['have that is no list', { events: [], have: 'a' }, 400, /have/],
    ['201 ids asked about', { events: [], have: Array(201).fill('a') }, 400, /200/],
    ['1,001 events', { events: Array(1_001).fill(0) }, 400, /events: at most 1,000.* another request/],
    ['JSON too deep', `{"events":${'['.repeat(100)}${']'.repeat(100)}}`, 400, /levels/],
    ['JSON that would overflow the stack', '['.repeat(200_000), 400, /levels/],
  ])('%s', async (_, body, status, error) => {
    const answer = await post(body);
    expect(answer.status).toBe(status);
    expect(answer.body.error).toMatch(error);
    expect(counted).toEqual({ 'requests_refused body': 1 });
  });

  it('a long list as a whole, before any of it is looked at', () => {
    const looked = vi.fn();
    const list = (length: number) =>
      new Proxy(Array(length).fill(0), {
        get(items, key) {
          if (key !== 'length') looked(key);
          return Reflect.get(items, key);
        },
      });
    const rules = { leaves: () => true, freshFor: 0, historyDelay: 0 };
    for (const body of [
      { events: list(1_001) },
      { events: [], have: list(201) },
      { events: [], after: list(201) },
    ]) {
      expect(readIngest(body, noon, rules)).toMatch(/at most/);
    }
    expect(looked).not.toHaveBeenCalled();
  });

  it('a body over the limit, whether it declares its length or not', async () => {
    const relay = relayWith({ bodyLimits: { maxBytes: 1_000 } });
    const text = JSON.stringify({ events: [], padding: 'x'.repeat(2_000) });
    expect((await post(text, { relay, headers: { 'content-length': `${text.length}` } })).status).toBe(413);
    expect((await post(text, { relay })).status).toBe(413);
    const fits = JSON.stringify({ events: [envelopeOf()] });
    expect((await post(fits, { relay })).status).toBe(200);
  });

  it.each([
    { 'content-type': 'application/x-www-form-urlencoded' },
    { 'content-type': 'application/json', 'content-encoding': 'gzip' },
  ])('%o', async headers => {
    expect((await post({ events: [] }, { headers: headers as Record<string, string> })).status).toBe(415);
  });

  it('another method', async () => {
    const response = await get('/x/v2/event');
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST, OPTIONS');
  });
});

it('takes who goes away in the middle of a body for no trouble of its own, and counts it', async () => {
  const lines: string[] = [];
  const line = (level: string) => () => void lines.push(level);
  const log = { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
  const relay = relayWith({ log, addressRate: 2 });
  const facts = { address: '1.1.1.1' };
  const brokenOff = async () => {
    const body = new ReadableStream({
      pull: controller => controller.error(new Error('aborted')),
    });
    const request = new Request('http://relay.example/x/v2/event', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      duplex: 'half',
    } as RequestInit);
    return (await relay.fetch(request, facts)).status;
  };
  expect([await brokenOff(), await brokenOff(), await brokenOff()]).toEqual([400, 400, 429]);
  expect(lines).not.toContain('error');
});

describe('origins', () => {
  const relay = () => relayWith({ allowedOrigins: ['https://shop.example'] });

  it('refuses a foreign page and stores nothing of it', async () => {
    const { status, headers } = await post(
      { events: [envelopeOf()] },
      { relay: relay(), headers: { origin: 'https://evil.example' } },
    );
    expect(status).toBe(403);
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(await stored()).toEqual([]);
  });

  it('answers a listed page so that it may read the answer, refusals included', async () => {
    for (const [body, status] of [
      [{ events: [envelopeOf()] }, 200],
      ['{', 400],
    ] as const) {
      const answer = await post(body, { relay: relay(), headers: { origin: 'https://shop.example' } });
      expect(answer.status).toBe(status);
      expect(answer.headers.get('access-control-allow-origin')).toBe('https://shop.example');
      expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
      expect(answer.headers.get('access-control-expose-headers')).toMatch(/retry-after/i);
      expect(answer.headers.get('vary')).toMatch(/origin/i);
    }
  });

  it('answers a preflight of a listed page only', async () => {
    const preflight = (origin: string) =>
      relay().fetch(
        new Request('http://relay.example/x/v2/event', {
          method: 'OPTIONS',
          headers: { origin, 'access-control-request-method': 'POST' },
        }),
      );
    const listed = await preflight('https://shop.example');
    expect(listed.status).toBe(204);
    expect(listed.headers.get('access-control-allow-origin')).toBe('https://shop.example');
    expect(listed.headers.get('access-control-allow-methods')).toBe('POST');
    expect(listed.headers.get('access-control-allow-headers')).toMatch(/content-type/i);
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
  });

  it('never sets a cookie', async () => {
    const answers = [
      await post({ events: [envelopeOf()] }),
      await post('{'),
      await post({}, { path: '/x/nothing' }),
    ];
    for (const { headers } of answers) expect(headers.get('set-cookie')).toBeNull();
  });
});

describe('rates', () => {
  it('asks a visitor who sends too much to wait, and only that one', async () => {
    const relay = relayWith({ visitorRate: 2 });
    const send = (visitor: string) => post({ events: [envelopeOf(visitor)] }, { relay });
    expect([(await send(visitorA)).status, (await send(visitorA)).status]).toEqual([200, 200]);
    const refused = await send(visitorA);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('30');
    expect((await send(visitorB)).status).toBe(200);
    now += 30_000;
    expect((await send(visitorA)).status).toBe(200);
  });

  it('asks an address that sends too much to wait', async () => {
    const relay = relayWith({ addressRate: 2, proxies: 1 });
    const send = (address: string) =>
      post(
        { events: [envelopeOf()] },
        { relay, facts: { address: '127.0.0.1' }, headers: { 'x-forwarded-for': address } },
      );
    const statuses = [];
    for (const address of ['1.1.1.1', '1.1.1.1', '1.1.1.1', '2.2.2.2'])
      statuses.push((await send(address)).status);
    expect(statuses).toEqual([200, 200, 429, 200]);
    expect(counted['requests_refused rate']).toBe(1);
  });

  it('does not take an undeclared proxy for one visitor', async () => {
    const relay = relayWith({ addressRate: 1 });
    const facts = { address: '127.0.0.1' };
    for (let at = 0; at < 3; at++) {
      const sent = { relay, facts, headers: { 'x-forwarded-for': '1.1.1.1' } };
      expect((await post({ events: [envelopeOf()] }, sent)).status).toBe(200);
    }
  });

  it('counts questions and bad events too', async () => {
    const relay = relayWith({ addressRate: 2 });
    const facts = { address: '1.1.1.1' };
    await post({ events: [], have: [randomUUID()] }, { relay, facts });
    await post({ events: ['bad'] }, { relay, facts });
    expect((await post({ events: [] }, { relay, facts })).status).toBe(429);
  });

  it.each([
    ['one event', (fill: string) => ({ events: [{ ...envelopeOf(), event: fill }] })],
    ['what is refused whole', (fill: string) => ({ events: fill })],
    ['no JSON', (fill: string) => `{${fill}`],
  ])('counts a body by its size, however few events it brings: %s', async (_, body) => {
    const relay = relayWith({ addressRate: 255 });
    const facts = { address: '1.1.1.1' };
    await post(body('x'.repeat(500_000)), { relay, facts });
    const statuses = [];
    for (let at = 0; at < 6; at++) statuses.push((await post({ events: [] }, { relay, facts })).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
  });
});

describe('bots', () => {
  const bot = { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1)', origin: 'http://relay.example' };

  it('are told yes, and nothing is stored', async () => {
    const one = envelopeOf();
    const { status, body } = await post({ events: [one] }, { headers: bot });
    expect([status, body]).toEqual([200, { accepted: [one.id], rejected: [] }]);
    expect(await stored()).toEqual([]);
    expect(counted).toEqual({ 'events_received bot': 1 });
  });

  it.each([
    'Mozilla/5.0 (Linux; Android 10; NOTE 20 Build/CUBOT_NOTE_20) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36',
    'Mozilla/5.0 (Linux; Android 11; CUBOT X30) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36',
  ])('are not people with a telephone of that name: %s', async agent => {
    const one = envelopeOf();
    await post({ events: [one] }, { headers: { ...bot, 'user-agent': agent } });
    expect(await stored()).toEqual([one.id]);
  });

  it('are stored when wanted', async () => {
    const one = envelopeOf();
    await post({ events: [one] }, { headers: bot, relay: relayWith({ keepBots: true }) });
    expect(await stored()).toEqual([one.id]);
  });

  it('are not servers, which may call themselves what they like', async () => {
    const one = envelopeOf();
    await post({ events: [one] }, { headers: { 'user-agent': 'python-requests/2.31' } });
    expect(await stored()).toEqual([one.id]);
  });
});

describe('the tag', () => {
  const text = (content: string) => new TextEncoder().encode(content);
  const asset = (immutable: boolean): Asset => ({
    body: text('plain'),
    gzip: text('gzip'),
    br: text('brotli'),
    contentType: 'text/javascript; charset=utf-8',
    hash: 'abc',
    immutable,
  });
  const relay = () =>
    relayWith({
      assets: new Map([
        ['shoptrail.js', asset(false)],
        ['shoptrail-1.2.3.js', asset(true)],
      ]),
    });

  it.each([
    ['br', 'gzip, deflate, br, zstd', 'brotli', '"abc-br"'],
    ['gzip', 'gzip', 'gzip', '"abc-gzip"'],
    ['gzip', 'br;q=0, gzip;q=0.5', 'gzip', '"abc-gzip"'],
    [null, '', 'plain', '"abc"'],
  ])('goes out as %s for "%s"', async (encoding, accepted, content, etag) => {
    const response = await get('/x/shoptrail.js', {
      relay: relay(),
      headers: { 'accept-encoding': accepted },
    });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(content);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=3600',
      'x-content-type-options': 'nosniff',
      vary: 'Accept-Encoding',
      etag,
    });
    expect(response.headers.get('content-encoding')).toBe(encoding);
  });

  it('is not sent again to who has it', async () => {
    const headers = { 'accept-encoding': 'br', 'if-none-match': 'W/"old", W/"abc-br"' };
    const response = await get('/x/shoptrail.js', { relay: relay(), headers });
    expect([response.status, await response.text()]).toEqual([304, '']);
  });

  it('stays for a year under a name with its version', async () => {
    const response = await get('/x/shoptrail-1.2.3.js', { relay: relay() });
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  it('is all there is', async () => {
    expect((await get('/x/relay-node.mjs', { relay: relay() })).status).toBe(404);
    expect((await get('/shoptrail.js', { relay: relay() })).status).toBe(404);
    expect(
      (
        await get('/shoptrail.js', {
          relay: relayWith({ basePath: '', assets: new Map([['shoptrail.js', asset(false)]]) }),
        })
      ).status,
    ).toBe(200);
  });
});

describe('health', () => {
  it.each(['/healthz', '/x/healthz'])('%s says what waits', async path => {
    await post({ events: [envelopeOf(), envelopeOf()] });
    now += 90_000;
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      ok: true,
      waiting: 2,
      sending: 0,
      dead: 0,
      inDoubt: 0,
      aside: 0,
      oldestSeconds: 90,
      paused: null,
    });
  });

  it('counts once for all who ask within a second', async () => {
    const relay = relayWith({ basePath: '/x' });
    const counts = vi.spyOn(outbox, 'counts');
    const ask = async () => (await get('/healthz', { relay })).json();
    await Promise.all([ask(), ask(), get('/x/healthz', { relay })]);
    await post({ events: [envelopeOf()] }, { relay });
    now += 999;
    expect((await ask()).waiting).toBe(0);
    expect(counts).toHaveBeenCalledTimes(1);
    now += 1;
    expect((await ask()).waiting).toBe(1);
    // A clock that is set back keeps nothing for long.
    now -= 86_400_000;
    await ask();
    expect(counts).toHaveBeenCalledTimes(3);
  });

  it('is counted once a second for metrics too', async () => {
    const counts = vi.spyOn(outbox, 'counts');
    const { render } = createMetrics(outbox);
    const state = relayWith().state();
    await Promise.all([render(state), render(state)]);
    expect(counts).toHaveBeenCalledTimes(1);
  });

  it('is 503 when the outbox does not answer', async () => {
    const broken = { ...outbox, counts: async () => Promise.reject(new Error('gone')) };
    expect((await get('/healthz', { relay: relayWith({ outbox: broken }) })).status).toBe(503);
  });
});

describe('for operators', () => {
  const authorization = `Bearer ${token}`;
  const relay = () =>
    relayWith({ operatorToken: token, renderMetrics: async () => ({ type: 'text/plain', text: 'm 1' }) });

  it('has no routes without a token', async () => {
    expect((await get('/operator/ledger', { headers: { authorization: 'Bearer undefined' } })).status).toBe(
      404,
    );
  });

  it('asks for the token', async () => {
    expect((await get('/operator/ledger', { relay: relay() })).status).toBe(401);
    expect(
      (await get('/operator/ledger', { relay: relay(), headers: { authorization: 'Bearer x' } })).status,
    ).toBe(401);
    expect(
      (await post({ email: 'a@example.com' }, { relay: relay(), path: '/operator/forget' })).status,
    ).toBe(401);
  });

  it('lists where every id stands', async () => {
    const events = ['forwarded', 'doubtful', 'dead', 'waiting'].map(name => envelopeOf(name));
    const [forwarded, doubtful, dead, waiting] = events.map(one => one.id);
    await post({ events });
    for (const row of await outbox.claim(now, 3)) {
      if (row.id === forwarded) await outbox.settle(row, { kind: 'forwarded' }, now);
      else if (row.id === dead) await outbox.settle(row, { kind: 'dead', reason: 'Wrong' }, now);
      else await outbox.settle(row, { kind: 'later', due: now, inDoubt: true }, now);
    }
    const ask = async (path: string) =>
      (await get(path, { relay: relay(), headers: { authorization } })).json();
    expect(await ask('/operator/ledger')).toEqual({
      forwarded: [forwarded],
      inDoubt: [doubtful],
      dead: [dead],
      waiting: [doubtful, waiting],
    });
    expect(await ask('/operator/in-doubt')).toEqual([doubtful]);
    expect(await ask('/operator/dead')).toEqual([
      { id: dead, type: 'pageViewed', reason: 'Wrong', at: 1_000_000 },
    ]);
    expect(await ask('/operator/forwarded')).toEqual({ forwarded: [forwarded] });
    expect(await ask(`/operator/forwarded?ids=${dead},${forwarded},unknown`)).toEqual({
      forwarded: [forwarded],
    });
  });

  it('forgets a person', async () => {
    const event = { eventTypeKey: 'x', keyValue: 'ann@example.com', params: [] };
    await post(event);
    const options = { relay: relay(), path: '/operator/forget', headers: { authorization } };
    expect((await post({ email: 'ANN@example.com' }, options)).body).toEqual({ erased: 1 });
    expect(await stored()).toEqual([]);
    expect((await post({}, options)).status).toBe(400);
    expect((await post({ email: '' }, options)).status).toBe(400);
    const number = await post('{"contactId":9007199254740993}', options);
    expect(number).toMatchObject({ status: 400, body: { error: expect.stringContaining('text') } });
  });

  it('shows metrics to this machine and to who has the token, not through a proxy', async () => {
    const ask = async (headers: Record<string, string>, address: string) =>
      (await get('/metrics', { relay: relay(), headers, facts: { address } })).status;
    expect(await ask({}, '127.0.0.1')).toBe(200);
    expect(await ask({ 'x-forwarded-for': '1.1.1.1' }, '127.0.0.1')).toBe(401);
    expect(await ask({}, '1.1.1.1')).toBe(401);
    expect(await ask({ authorization }, '1.1.1.1')).toBe(200);
  });
});
