import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createForwarder, type Forwarder, type ForwarderOptions } from '../../../src/relay/core/forwarder';
import type { Log } from '../../../src/relay/core/log';
import { noMetrics } from '../../../src/relay/core/metrics';
import { occurredIn } from '../../../src/relay/core/occurred';
import type { Outbox } from '../../../src/relay/core/outbox';
import { authorization, createPlatform, type PlatformOptions } from '../../../src/relay/core/platform';
import { createRelay, type RelayOptions } from '../../../src/relay/core/relay';
import { openSqliteOutbox } from '../../../src/relay/hosts/sqlite-outbox';
import { eventOf, knownEventOf, visitorA, visitorB } from './support/events';
import { type Answer, type Received, startPlatformServer } from './support/platform-server';

const minute = 60_000;
const hour = 60 * minute;

let server: Awaited<ReturnType<typeof startPlatformServer>>;
let outbox: Outbox;
let forwarder: Forwarder | undefined;
let lines: { level: string; facts: Record<string, unknown>; sentence: string }[];
/** How far the relay's clock is ahead of ours. */
let ahead: number;
const now = () => Date.now() + ahead;

const line = (level: string) => (facts: Record<string, unknown>, sentence: string) => {
  lines.push({ level, facts, sentence });
};
const log: Log = { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };

beforeEach(async () => {
  server = await startPlatformServer();
  outbox = openSqliteOutbox(':memory:');
  forwarder = undefined;
  lines = [];
  ahead = 0;
});
afterEach(async () => {
  await forwarder?.stop(1_000);
  await server.close();
  await outbox.close();
});

const start = async (options: Partial<ForwarderOptions> = {}, platform: Partial<PlatformOptions> = {}) => {
  forwarder = createForwarder({
    outbox,
    platform: createPlatform({
      url: server.url,
      authorization: authorization({ apiKey: 'key' }),
      ...platform,
    }),
    log,
    metrics: noMetrics,
    now,
    rate: { start: 10_000, max: 10_000 },
    backoff: { base: 1, cap: 10 },
    probeEvery: 20,
    history: { occurred: occurredIn('Europe/Kyiv') },
    ...options,
  });
  await forwarder.start();
  return forwarder;
};

const day = Date.UTC(2026, 2, 29);

/** History of a visitor, a minute apart, or all of one moment. */
const add = async (visitor: string, count = 1, event = knownEventOf, apart = minute) => {
  const ids = Array.from({ length: count }, () => randomUUID());
  await outbox.add(
    ids.map((id, at) => ({
      id,
      at: day + at * apart,
      type: 'pageViewed',
      visitor,
      body: JSON.stringify(event(id, visitor)),
      lane: 'history',
      due: now(),
    })),
    now(),
  );
  forwarder?.wake();
  return ids;
};

const later = (ms: number) => {
  ahead += ms;
  forwarder?.wake();
};

const inState = (state: 'forwarded' | 'dead' | 'waiting', ids: string[], timeout = 5_000) =>
  vi.waitFor(async () => expect((await outbox.list(state, 9_000)).sort()).toEqual([...ids].sort()), {
    timeout,
    interval: 5,
  });
const requests = () => server.received.map(one => one.ids);
/** Nothing is on its way, and nothing was sent since. */
const quiet = async () => {
  await vi.waitFor(async () => {
    const before = server.received.length;
    await new Promise(resolve => setTimeout(resolve, 30));
    expect(server.received.length).toBe(before);
    expect((await outbox.counts()).sending).toBe(0);
  }, 10_000);
};

describe('history', () => {
  it('goes to past events, in one request, with the minute of the account', async () => {
    const [first, second] = await add(visitorA, 2);
    await start();
    await inState('forwarded', [first!, second!]);
    const [one] = server.received;
    expect(server.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /api/v1/past_events',
    ]);
    expect(one!.headers.authorization).toBe(`Basic ${Buffer.from('shoptrail:key').toString('base64')}`);
    expect(JSON.parse(one!.text)).toEqual({
      events: [
        { ...knownEventOf(first!, visitorA), occurred: '2026-03-29T02:00' },
        { ...knownEventOf(second!, visitorA), occurred: '2026-03-29T02:01' },
      ],
    });
  });

  it('goes in batches of 500, the oldest first', async () => {
    const ids = await add(visitorA, 1_100);
    await start();
    await inState('forwarded', ids);
    expect(requests().map(batch => batch.length)).toEqual([500, 500, 100]);
    expect(requests().flat()).toEqual(ids);
  });

  it('goes in batches of a megabyte', async () => {
    const ids = await add(visitorA, 120, (id, visitor) => {
      const event = knownEventOf(id, visitor);
      event.params.push({ name: 'text', value: 'ї'.repeat(9_000) });
      return event;
    });
    await start();
    await inState('forwarded', ids);
    const sizes = server.received.map(one => Buffer.byteLength(one.text));
    expect(sizes.length).toBe(3);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_000_000);
    expect(requests().flat()).toEqual(ids);
  });

  it('waits for the time zone, says which setting, and lets events go meanwhile', async () => {
    const ids = await add(visitorA, 2);
    const event = randomUUID();
    await outbox.add(
      [{ id: event, at: 1, type: 'x', visitor: visitorA, body: JSON.stringify(eventOf(event, visitorA)) }],
      now(),
    );
    await start({ history: {} });
    await inState('forwarded', [event]);
    await inState('waiting', ids);
    forwarder!.wake();
    await quiet();
    expect(lines.filter(one => one.level === 'error').map(one => one.sentence)).toEqual([
      expect.stringContaining('PLATFORM_TIMEZONE'),
    ]);
  });
});

describe('a contact that the platform does not know', () => {
  /** Answers as a platform that knows these keys: one unknown contact, and the whole batch is refused. */
  const know = (...keys: string[]) => {
    server.answer = one =>
      one.past.every(event => keys.includes(event.keyValue!)) ? { status: 200 } : { status: 400, text: 'no' };
  };

  it('for an hour: everything arrives once, and few requests are made', async () => {
    know();
    const ids = await add(visitorA, 500);
    await start();
    const seen: number[] = [];
    for (let passed = 0; passed < 60; passed += 5) {
      await quiet();
      seen.push(server.received.length);
      expect((await outbox.counts()).dead).toBe(0);
      later(5 * minute);
    }
    know('ann@example.com');
    const refused = server.received.length;
    // Tried at least every fifteen minutes.
    later(15 * minute);
    await inState('forwarded', ids);
    expect(await outbox.list('inDoubt', 9)).toEqual([]);
    expect(
      server.received
        .slice(refused)
        .flatMap(one => one.ids)
        .sort(),
    ).toEqual([...ids].sort());
    expect(seen.at(-1)! - seen[0]!).toBeGreaterThan(0);
    expect(refused).toBeLessThan(300);
  });

  it('does not keep the history of others', async () => {
    know('ben@example.com');
    const bad = await add(visitorA, 20);
    const good = await add(visitorB, 20, (id, visitor) => knownEventOf(id, visitor, 'ben@example.com'));
    await start();
    await inState('forwarded', good);
    await inState('waiting', bad);
  });

  it('for a day: dead letters with the platform’s words, each asked for alone, and none logged', async () => {
    server.answer = () => ({ status: 400, text: 'Unknown: ann@example.com' });
    const ids = await add(visitorA, 30);
    await start();
    await quiet();
    later(24 * hour - minute);
    await quiet();
    expect((await outbox.counts()).dead).toBe(0);
    later(15 * minute + minute);
    await inState('dead', ids);
    expect(new Set((await outbox.deadLetters(99)).map(letter => letter.reason))).toEqual(
      new Set(['Unknown: ann@example.com']),
    );
    for (const id of ids)
      expect(server.received.some(one => one.ids.length === 1 && one.id === id)).toBe(true);
    expect(JSON.stringify(lines)).not.toMatch(/ann@|1111-/);
    expect(await outbox.list('inDoubt', 99)).toEqual([]);
  });

  it('that arrives after an outage of a day gets a second chance', async () => {
    know();
    const ids = await add(visitorA, 3);
    ahead += 30 * hour;
    await start();
    await quiet();
    expect((await outbox.counts()).dead).toBe(0);
    know('ann@example.com');
    later(15 * minute);
    await inState('forwarded', ids);
  });
});

describe('a bad event', () => {
  const refuse = (...bad: string[]) => {
    server.answer = one =>
      one.ids.some(id => bad.includes(id)) ? { status: 400, text: 'bad' } : { status: 200 };
  };

  it('among 500 is found, and the others arrive once', async () => {
    const ids = await add(visitorA, 500);
    const bad = ids[217]!;
    refuse(bad);
    await start();
    await inState(
      'forwarded',
      ids.filter(id => id !== bad),
    );
    await inState('waiting', [bad]);
    expect(server.received.length).toBeLessThan(25);
    const accepted = server.received.filter(one => !one.ids.includes(bad)).flatMap(one => one.ids);
    expect(accepted.length).toBe(499);
    // It is tried again alone, and the next trail is a batch without it.
    const next = await add(visitorA, 10);
    later(minute);
    await inState('forwarded', [...ids.filter(id => id !== bad), ...next]);
    expect(requests()).toContainEqual(next);
    later(24 * hour);
    await inState('dead', [bad]);
    expect((await outbox.deadLetters(1))[0]!.reason).toBe('bad');
  });

  it('at the front, several times, hides no good one for long', async () => {
    const ids = await add(visitorA, 40);
    const bad = ids.slice(0, 12);
    refuse(...bad);
    await start();
    for (let round = 0; round < 12 && (await outbox.list('forwarded', 99)).length < 28; round++) {
      await quiet();
      later(15 * minute);
    }
    await inState('forwarded', ids.slice(12));
    await inState('waiting', bad);
  }, 20_000);

  it('leaves those of one moment in their order, in whatever groups they are asked for', async () => {
    const ids: string[] = await add(visitorA, 64, knownEventOf, 0);
    const bad = ids[40]!;
    server.answer = () => ({ status: 400 });
    await start();
    await quiet();
    refuse(bad);
    later(15 * minute);
    await inState(
      'forwarded',
      ids.filter(id => id !== bad),
    );
    for (const batch of requests()) {
      const places = batch.map(id => ids.indexOf(id));
      expect(places).toEqual([...places].sort((a, b) => a - b));
    }
  });

  it('with a locator that breaks the character rule goes once more without it, if another one is left', async () => {
    const event = (id: string, visitor: string) => {
      const known = knownEventOf(id, visitor, "o'neil@example.com");
      return { ...known, params: [...known.params, { name: 'externalCustomerId', value: 'A-1' }] };
    };
    const [id] = await add(visitorA, 1, event);
    server.answer = one => ({ status: one.text.includes("o'neil") ? 400 : 200 });
    await start();
    await inState('forwarded', [id!]);
    expect(server.received[1]!.past[0]).toMatchObject({ keyValue: 'A-1', occurred: '2026-03-29T02:00' });
  });

  it('is never sent without any locator', async () => {
    await add(visitorA, 1, (id, visitor) => knownEventOf(id, visitor, "o'neil@example.com"));
    server.answer = () => ({ status: 400 });
    await start();
    await quiet();
    expect(server.received.every(one => one.text.includes("o'neil"))).toBe(true);
  });
});

describe('a platform in trouble', () => {
  const first = (...answers: Answer[]) => {
    server.answer = (_, at) => answers[at] ?? { status: 200 };
  };

  it.each([
    ['503', { status: 503 }],
    ['429', { status: 429 }],
  ] as const)('gets it again after %s, in no doubt', async (_, answer) => {
    first(answer, answer);
    const ids = await add(visitorA, 5);
    await start();
    await inState('forwarded', ids);
    expect(requests()).toEqual([ids, ids, ids]);
    expect(await outbox.list('inDoubt', 9)).toEqual([]);
  });

  it.each([
    ['500', { status: 500 }],
    ['a dropped socket', 'drop'],
    ['silence', 'silence'],
  ] as const)('gets it again after %s, in doubt', async (_, answer) => {
    first(answer);
    const ids = await add(visitorA, 5);
    await start({}, { timeout: 50 });
    await inState('forwarded', ids);
    expect((await outbox.list('inDoubt', 9)).sort()).toEqual([...ids].sort());
  });

  it('that breaks over one event takes the others in smaller batches', async () => {
    const ids = await add(visitorA, 60);
    const bad = ids[33]!;
    server.answer = one => ({ status: one.ids.includes(bad) ? 500 : 200 });
    await start();
    await inState(
      'forwarded',
      ids.filter(id => id !== bad),
    );
    expect((await outbox.counts()).dead).toBe(0);
  });

  it.each([401, 403])(
    'that refuses the key with %i for past events alone gets events all the same',
    async status => {
      let refusing = true;
      server.answer = one => ({ status: one.past.length && refusing ? status : 200 });
      const ids = await add(visitorA, 5);
      await start();
      await vi.waitFor(() => expect(forwarder!.state().pausedLanes.history).toBeDefined());
      const event = randomUUID();
      await outbox.add(
        [{ id: event, at: 1, type: 'x', visitor: visitorA, body: JSON.stringify(eventOf(event, visitorA)) }],
        now(),
      );
      forwarder!.wake();
      await inState('forwarded', [event]);
      expect(forwarder!.state().paused).toBeUndefined();
      refusing = false;
      later(minute);
      await inState('forwarded', [...ids, event]);
      expect(lines.filter(one => one.level === 'error').map(one => one.sentence)).toEqual([
        expect.stringContaining(`past events (${status})`),
      ]);
      expect(await outbox.list('inDoubt', 9)).toEqual([]);
    },
  );

  it('that forbids one row by its content gets the others all the same', async () => {
    const ids = [...(await add(visitorA, 10)), ...(await add(visitorB, 10))];
    const bad = ids[3]!;
    server.answer = one => ({ status: one.ids.includes(bad) ? 403 : 200 });
    await start();
    const good = ids.filter(id => id !== bad);
    await inState('forwarded', good);
    // Found out by smaller requests, one a probe: none was sent again that had been taken.
    expect(server.received.flatMap(one => (one.ids.includes(bad) ? [] : one.ids)).sort()).toEqual(
      good.sort(),
    );
    expect(server.received.filter(one => one.ids.includes(bad)).length).toBeLessThan(12);
    await inState('waiting', [bad]);
    expect(await outbox.list('inDoubt', 9)).toEqual([]);
    // Once others were taken it is one event's own trouble: no lane is paused for it, and its time is over some day.
    await quiet();
    const lane = () => forwarder!.state().pausedLanes.history;
    expect(lane()).toBeUndefined();
    const errors = lines.filter(one => one.level === 'error').length;
    later(25 * hour);
    await inState('dead', [bad]);
    expect(lane()).toBeUndefined();
    expect(lines.filter(one => one.level === 'error')).toHaveLength(errors);
  });

  it('that takes the rights from the key is tried for as long as anything waits, and nothing is given up', async () => {
    const first = await add(visitorA, 3);
    await start();
    await inState('forwarded', first);
    server.answer = () => ({ status: 403 });
    const ids = [...(await add(visitorA, 4)), ...(await add(visitorB, 4))];
    await vi.waitFor(() => expect(forwarder!.state().pausedLanes.history).toBe('forbidden'));
    for (let hours = 0; hours < 30; hours++) {
      later(hour);
      await quiet();
    }
    expect(forwarder!.state().pausedLanes.history).toBe('forbidden');
    expect((await outbox.counts()).dead).toBe(0);
    server.answer = () => ({ status: 200 });
    later(hour);
    await inState('forwarded', [...first, ...ids]);
  });

  it('that refuses the key altogether gets no history either', async () => {
    server.answer = () => ({ status: 401 });
    const event = randomUUID();
    await outbox.add(
      [{ id: event, at: 1, type: 'x', visitor: visitorA, body: JSON.stringify(eventOf(event, visitorA)) }],
      now(),
    );
    await start({ probeEvery: 60_000 });
    await vi.waitFor(() => expect(forwarder!.state().paused).toBe('unauthorized'));
    const before = server.received.length;
    const ids = await add(visitorA, 5);
    await quiet();
    expect(server.received.length).toBe(before);
    await inState('waiting', [event, ...ids]);
  });
});

describe('a held event', () => {
  const noon = Date.UTC(2026, 2, 29, 12);
  const sentTo = async (
    envelope: Record<string, unknown>,
    options: Partial<RelayOptions> = {},
    sentAt: number | undefined = noon,
  ) => {
    const relay = createRelay({
      outbox,
      platform: { post: async () => ({ kind: 'later' }) },
      now: () => noon,
      ...options,
    });
    const id = randomUUID();
    const answer = await relay.fetch(
      new Request('http://relay.example/x/v2/event', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ events: [{ id, event: knownEventOf(id, visitorA), ...envelope }], sentAt }),
      }),
    );
    expect(await answer.json()).toEqual({ accepted: [id], rejected: [] });
    const [event] = await outbox.claim(noon, 1);
    const [history] = await outbox.claimHistory(noon + hour, 1, { maxBytes: 1e6, overhead: 40 });
    return { id, event, history };
  };
  const old = noon - hour - 1;

  it('that is older than an hour is history, with its own time', async () => {
    const { event, history, id } = await sentTo({ at: old, held: true });
    expect(event).toBeUndefined();
    expect(history).toMatchObject({ id, at: old, visitor: visitorA });
  });

  it.each([
    ['younger than an hour', { at: noon - hour, held: true }, {}],
    ['not held', { at: old }, {}],
    ['held as anything but true', { at: old, held: 'true' }, {}],
    ['of nobody', { at: old, held: true, event: eventOf(randomUUID(), visitorA) }, {}],
    ['fresh by the setting', { at: old, held: true }, { freshMinutes: 120 }],
    ['without a usable time', { at: -1e300, held: true }, {}],
    ['without a time', { held: true }, {}],
  ])('goes by v2 when it is %s', async (_, envelope, options) => {
    const { event, history } = await sentTo(envelope, options);
    expect(event).toBeDefined();
    expect(history).toBeUndefined();
  });

  it('is judged by the relay’s clock', async () => {
    // By a clock that is two hours ahead it was yet to come.
    const early = await sentTo({ at: noon + hour - minute, held: true }, {}, noon + 2 * hour);
    expect(early.history).toMatchObject({ at: old + 1 - minute });
    await outbox.forgetVisitor(visitorA);
    const late = await sentTo({ at: noon - 2 * hour, held: true }, {}, noon - 2 * hour);
    expect(late.event).toMatchObject({ at: noon });
  });

  it('is due after the delay', async () => {
    const relay = createRelay({
      outbox,
      platform: { post: async () => ({ kind: 'later' }) },
      now: () => noon,
    });
    const id = randomUUID();
    await relay.fetch(
      new Request('http://relay.example/x/v2/event', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ events: [{ id, at: old, held: true, event: knownEventOf(id, visitorA) }] }),
      }),
    );
    expect(await outbox.nextDue('history')).toBe(noon + 10 * minute);
    expect(await outbox.list('waiting', 9)).toEqual([id]);
  });
});

describe('deleting past events', () => {
  const token = 'a-token-for-operators';
  const ask = async (body: unknown, bearer = token) => {
    const relay = createRelay({
      outbox,
      platform: createPlatform({ url: server.url, authorization: authorization({ apiKey: 'key' }) }),
      operatorToken: token,
      log,
    });
    const answer = await relay.fetch(
      new Request('http://relay.example/operator/past-events/delete', {
        method: 'POST',
        headers: { authorization: `Bearer ${bearer}` },
        body: JSON.stringify(body),
      }),
    );
    return { status: answer.status, body: await answer.json() };
  };
  const range = { from: '2019-06-04T10:47', to: '2020-01-04' };

  it('asks the platform and says that it did', async () => {
    expect(await ask(range)).toMatchObject({ status: 200, body: { deleted: true } });
    const [one] = server.received as [Received];
    expect([one.method, one.path, JSON.parse(one.text)]).toEqual(['DELETE', '/api/v1/past_events', range]);
  });

  it.each([
    [403, '', /support activates/],
    [401, '', /PLATFORM_API_KEY/],
    [400, 'from is later than to', /from is later than to/],
    [500, '', /500/],
  ])('says in plain words what %i means', async (status, text, words) => {
    server.answer = () => ({ status, text });
    expect(await ask(range)).toMatchObject({
      status: 502,
      body: { deleted: false, answer: expect.stringMatching(words) },
    });
  });

  it('wants the token and a range', async () => {
    expect((await ask(range, 'wrong')).status).toBe(401);
    expect((await ask({ from: '2019' })).status).toBe(400);
    expect(server.received).toEqual([]);
  });
});
