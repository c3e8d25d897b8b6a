import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createForwarder, type Forwarder, type ForwarderOptions } from '../../../src/relay/core/forwarder';
import { createHousekeeping } from '../../../src/relay/core/housekeeping';
import type { Log } from '../../../src/relay/core/log';
import type { Metrics } from '../../../src/relay/core/metrics';
import type { Outbox } from '../../../src/relay/core/outbox';
import { authorization, createPlatform, type PlatformOptions } from '../../../src/relay/core/platform';
import { openSqliteOutbox } from '../../../src/relay/hosts/sqlite-outbox';
import { eventOf, visitorA, visitorB } from './support/events';
import { type Answer, startPlatformServer } from './support/platform-server';

let server: Awaited<ReturnType<typeof startPlatformServer>>;
let outbox: Outbox;
let forwarder: Forwarder | undefined;
let lines: { level: string; facts: Record<string, unknown>; sentence: string }[];
let counted: Record<string, number>;

const line = (level: string) => (facts: Record<string, unknown>, sentence: string) => {
  lines.push({ level, facts, sentence });
};
const log: Log = { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
const metrics: Metrics = {
  count(name, labels = {}, by = 1) {
    const key = [name, ...Object.values(labels)].join(' ');
    counted[key] = (counted[key] ?? 0) + by;
  },
  forwardSeconds() {},
};

beforeEach(async () => {
  server = await startPlatformServer();
  outbox = openSqliteOutbox(':memory:');
  forwarder = undefined;
  lines = [];
  counted = {};
});
afterEach(async () => {
  await forwarder?.stop(0);
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
    metrics,
    rate: { start: 1_000, max: 1_000 },
    backoff: { base: 1, cap: 10 },
    probeEvery: 20,
    ...options,
  });
  await forwarder.start();
  return forwarder;
};

const add = async (visitor: string, count = 1, event = (id: string) => eventOf(id, visitor)) => {
  const ids = Array.from({ length: count }, () => randomUUID());
  await outbox.add(
    ids.map(id => ({ id, at: 1, type: 'pageViewed', visitor, body: JSON.stringify(event(id)) })),
    Date.now(),
  );
  forwarder?.wake();
  return ids;
};

const forwarded = (...ids: string[]) =>
  vi.waitFor(async () => expect((await outbox.list('forwarded', 1_000)).sort()).toEqual([...ids].sort()), {
    timeout: 5_000,
    interval: 5,
  });
const inDoubt = () => outbox.list('inDoubt', 1_000);

/** Answers these in their order, then 200. */
const answers = (...list: Answer[]) => {
  server.answer = (_, at) => list[at] ?? { status: 200 };
};

describe('an event', () => {
  it('goes to the platform as it is, alone and with the key', async () => {
    const [id] = await add(visitorA);
    await start();
    await forwarded(id!);
    const [one] = server.received;
    expect(one!.path).toBe('/api/v2/event');
    expect(one!.event).toEqual(eventOf(id!, visitorA));
    expect(one!.headers.authorization).toBe(`Basic ${Buffer.from('shoptrail:key').toString('base64')}`);
    expect(one!.headers['content-type']).toBe('application/json');
  });

  it('leaves as soon as it was stored', async () => {
    const running = await start();
    const [id] = await add(visitorA);
    running.wake();
    await forwarded(id!);
  });

  it.each([
    ['503', { status: 503 }],
    ['429', { status: 429 }],
    ['408', { status: 408 }],
  ] as const)('is tried again after %s, in no doubt', async (_, answer) => {
    answers(answer, answer);
    const [id] = await add(visitorA);
    await start();
    await forwarded(id!);
    expect(server.times(id!)).toBe(3);
    expect(await inDoubt()).toEqual([]);
  });

  it.each([
    ['500', { status: 500 }],
    ['a dropped socket', 'drop'],
    ['silence', 'silence'],
  ] as const)('is tried again after %s, in doubt', async (_, answer) => {
    answers(answer);
    const [id] = await add(visitorA);
    await start({}, { timeout: 100 });
    await forwarded(id!);
    expect(server.times(id!)).toBe(2);
    expect(await inDoubt()).toEqual([id]);
  });

  it('is in no doubt when the platform could not be reached', async () => {
    const { port } = server;
    await server.close();
    const [id] = await add(visitorA);
    await start();
    await vi.waitFor(() => expect(counted['forward_attempts event later']).toBeGreaterThan(2));
    server = await startPlatformServer(port);
    await forwarded(id!);
    expect(server.times(id!)).toBe(1);
    expect(await inDoubt()).toEqual([]);
  });

  it('counts as taken with a 2xx whose body breaks off', async () => {
    answers({ status: 200, headers: { 'content-length': '100' }, text: 'short' });
    const [id] = await add(visitorA);
    await start({}, { timeout: 100 });
    await forwarded(id!);
    expect(server.times(id!)).toBe(1);
  });

  it('counts as taken when the platform has it already', async () => {
    answers({ status: 400, text: 'Duplicated request' });
    const [id] = await add(visitorA);
    await start();
    await forwarded(id!);
    expect(counted.duplicates_reported).toBe(1);
  });

  it('is not lost in a redirect', async () => {
    answers({ status: 302, headers: { location: '/somewhere' } });
    const [id] = await add(visitorA);
    await start();
    await forwarded(id!);
    expect(server.times(id!)).toBe(2);
    expect(lines.find(one => one.level === 'error')?.sentence).toContain('PLATFORM_URL');
  });
});

describe('a refusal', () => {
  it('makes a dead letter with the platform’s words, which are not logged', async () => {
    answers({ status: 400, text: 'No such field for ann@example.com' });
    const [id, next] = await add(visitorA, 2);
    await start();
    await forwarded(next!);
    expect(await outbox.deadLetters(9)).toEqual([
      { id, type: 'pageViewed', reason: 'No such field for ann@example.com', at: 1 },
    ]);
    expect(server.times(id!)).toBe(1);
    expect(JSON.stringify(lines)).not.toContain('ann@example.com');
  });

  const withUnfitEmail = (id: string) => {
    const event = eventOf(id, visitorA);
    event.params.push({ name: 'email', value: "o'neil@example.com" });
    return event;
  };

  it('is answered once without the locators that break the character rule', async () => {
    answers({ status: 400, text: 'Invalid characters' });
    const [id] = await add(visitorA, 1, withUnfitEmail);
    await start();
    await forwarded(id!);
    expect(server.times(id!)).toBe(2);
    expect(server.received[1]!.event).toEqual(eventOf(id!, visitorA));
    expect(counted['locator_retries accepted']).toBe(1);
    expect(lines.filter(one => one.level === 'warn')).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain('neil');
  });

  it('is final when it comes again', async () => {
    answers({ status: 400, text: 'first' }, { status: 400, text: 'second' });
    await add(visitorA, 1, withUnfitEmail);
    await start();
    await vi.waitFor(async () =>
      expect((await outbox.deadLetters(9)).map(letter => letter.reason)).toEqual(['second']),
    );
    expect(server.received).toHaveLength(2);
  });
});

describe('order', () => {
  it('is kept for each visitor, whatever goes wrong, and eight visitors go side by side', async () => {
    const visitors = Array.from({ length: 20 }, () => randomUUID());
    const sent = new Map<string, string[]>();
    for (const visitor of visitors) sent.set(visitor, await add(visitor, 5));
    let failures = 60;
    server.answer = async () => {
      await new Promise(resolve => setImmediate(resolve));
      if (failures <= 0 || Math.random() < 0.5) return { status: 200 };
      failures--;
      return (['drop', { status: 500 }, { status: 503 }] as const)[failures % 3]!;
    };
    await start({ rate: { start: 1_000, min: 1_000, max: 1_000 } });
    await forwarded(...[...sent.values()].flat());
    const doubtful = new Set(await inDoubt());
    for (const [visitor, ids] of sent) {
      const arrived = server.received.filter(one => one.event.keyValue === visitor).map(one => one.id);
      // Each next id comes only after the last attempt of the one before.
      expect([...new Set(arrived)]).toEqual(ids);
      expect(arrived).toEqual([...arrived].sort((a, b) => ids.indexOf(a) - ids.indexOf(b)));
    }
    expect(doubtful.size).toBeGreaterThan(0);
    const most = Math.max(...server.received.map(one => one.open));
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(8);
  });

  it('does not let one visitor’s trouble hold up another', async () => {
    server.answer = one => ({ status: one.event.keyValue === visitorA ? 503 : 200 });
    await add(visitorA, 3);
    const ids = await add(visitorB, 3);
    await start({ rate: { start: 1_000, min: 1_000, max: 1_000 } });
    await forwarded(...ids);
  });
});

describe('a platform that asks for patience', () => {
  it('is left alone by all visitors until Retry-After has passed', async () => {
    answers({ status: 429, headers: { 'retry-after': '1' } });
    const [a] = await add(visitorA);
    await start();
    await vi.waitFor(() => expect(server.received).toHaveLength(1));
    const [b] = await add(visitorB);
    await forwarded(a!, b!);
    const [asked, next] = server.received.map(one => one.at);
    // Timers may fire a millisecond early.
    expect(next! - asked!).toBeGreaterThan(900);
  });

  it.each([500, 404, 406])('is not asked less for events that it always answers %i to', async status => {
    server.answer = ({ event }) => ({ status: event.eventTypeKey === 'broken' ? status : 200 });
    await start({ rate: { start: 50, max: 1_000 }, backoff: { base: 20, cap: 20 } });
    for (let n = 0; n < 5; n++) await add(randomUUID(), 1, id => eventOf(id, randomUUID(), 'broken'));
    const good: string[] = [];
    for (let n = 0; n < 40; n++) good.push(...(await add(randomUUID())));
    await forwarded(...good);
    expect(server.received.length).toBeGreaterThanOrEqual(45);
    expect(forwarder!.state().rate).toBeGreaterThanOrEqual(50);
  });

  it('is asked half as often', async () => {
    answers({ status: 503 });
    const [id] = await add(visitorA);
    await start({ rate: { start: 100 } });
    await forwarded(id!);
    expect(forwarder!.state().rate).toBe(50);
  });
});

describe('an event at which the platform always fails', () => {
  const minute = 60_000;
  /** So many minutes, in each of which somebody else does something. */
  const play = async (answerTo: (isBad: boolean) => Answer, minutes: number) => {
    let time = Date.UTC(2026, 6, 1);
    const put = async (visitor: string) => {
      const id = randomUUID();
      const body = JSON.stringify(eventOf(id, visitor));
      await outbox.add([{ id, at: time, type: 'pageViewed', visitor, body }], time);
      return id;
    };
    const [bad, ...later] = [await put(visitorA), await put(visitorA), await put(visitorA)];
    server.answer = ({ id }) => answerTo(id === bad);
    await start({
      now: () => time,
      random: () => 0.5,
      backoff: { base: 1_000, cap: 5 * minute },
      rate: { start: 1_000, min: 1_000, max: 1_000 },
    });
    const settled = () =>
      vi.waitFor(
        async () => {
          expect((await outbox.counts()).sending).toBe(0);
          expect((await outbox.nextDue()) ?? Number.POSITIVE_INFINITY).toBeGreaterThan(time);
        },
        { interval: 1 },
      );
    const passedAt = new Map<string, number>();
    const until = time + minutes * minute;
    const begun = time;
    while (time < until) {
      time += minute;
      await put(randomUUID());
      forwarder!.wake();
      await settled();
      for (const id of await outbox.list('forwarded', 1_000))
        if (!passedAt.has(id)) passedAt.set(id, (time - begun) / minute);
    }
    return { bad: bad!, later, minuteOf: (id: string) => passedAt.get(id) };
  };

  it.each([500, 404, 403])('lets its visitor’s later ones pass after ten minutes (%i)', async status => {
    const { bad, later, minuteOf } = await play(isBad => ({ status: isBad ? status : 200 }), 35);
    expect(minuteOf(later[0]!)).toBeGreaterThanOrEqual(10);
    expect(minuteOf(later[0]!)).toBeLessThan(20);
    expect(server.received.findIndex(one => one.id === later[1])).toBeGreaterThan(
      server.received.findIndex(one => one.id === later[0]),
    );
    // It is still tried, more and more seldom, and said once.
    const tries = server.times(bad);
    expect(tries).toBeGreaterThan(10);
    expect(tries).toBeLessThan(20);
    expect(await outbox.list('waiting', 9)).toEqual([bad]);
    expect((await outbox.counts()).aside).toBe(1);
    const said = lines.filter(one => /does not wait for it any longer/.test(one.sentence));
    expect(said.map(one => one.facts.id)).toEqual([bad]);
  });

  it('leaves at last when the platform has been mended', async () => {
    let mended = false;
    let seen = 0;
    const { bad, minuteOf } = await play(isBad => {
      if (isBad && ++seen === 13) mended = true;
      return { status: isBad && !mended ? 500 : 200 };
    }, 70);
    expect(minuteOf(bad)).toBeGreaterThan(10);
    expect(server.times(bad)).toBe(13);
    expect((await outbox.counts()).aside).toBe(0);
  });

  it.each([
    ['when the platform fails at everything', () => ({ status: 500 })],
    ['when the platform is busy', (isBad: boolean) => ({ status: isBad ? 503 : 200 })],
  ] as const)('does not lose its place %s', async (_, answerTo) => {
    const { bad, later, minuteOf } = await play(answerTo, 30);
    expect([bad, ...later].map(minuteOf)).toEqual([undefined, undefined, undefined]);
    expect((await outbox.counts()).aside).toBe(0);
  });
});

describe('a clock that is set back', () => {
  it.each([
    ['Retry-After', { status: 429, headers: { 'retry-after': '30' } }, 3_600_000],
    ['a refused key', { status: 401 }, 60_000],
  ] as const)('does not lengthen the wait after %s', async (_, answer, longest) => {
    const hours = 3_600_000;
    let time = Date.UTC(2026, 6, 1, 12);
    answers(answer);
    const [id] = await add(visitorA);
    await start({ now: () => time, probeEvery: 60_000 });
    const looks = vi.spyOn(outbox, 'claim');
    await vi.waitFor(() => expect(server.received).toHaveLength(1));
    await vi.waitFor(async () => expect(await outbox.list('waiting', 9)).toEqual([id]));
    time -= 10 * hours;
    // The relay looks each minute; here each wake is one of its looks.
    const before = time;
    while (!looks.mock.calls.length && time - before < 11 * hours) {
      forwarder!.wake();
      await new Promise(resolve => setImmediate(resolve));
      time += 30_000;
    }
    expect(time - before).toBeLessThanOrEqual(longest + 90_000);
    await forwarded(id!);
  });
});

describe('a platform that refuses the key', () => {
  it.each([
    [401, 'unauthorized'],
    [403, 'forbidden'],
  ] as const)(
    'pauses everything on %i, says so once, tries one event now and then, and goes on',
    async (status, cause) => {
      let refusing = true;
      server.answer = async () => {
        // Slow enough that requests sent together are open together.
        await new Promise(resolve => setTimeout(resolve, 5));
        return { status: refusing ? status : 200 };
      };
      const [first] = await add(visitorA);
      await start();
      await vi.waitFor(() => expect(forwarder!.state().paused).toBe(cause));
      const more = [...(await add(visitorA, 3)), ...(await add(visitorB, 3))];
      forwarder!.wake();
      await vi.waitFor(() => expect(server.received.length).toBeGreaterThan(3), { timeout: 5_000 });
      // One event at a time is all that a pause lets through.
      expect(Math.max(...server.received.map(one => one.open))).toBe(1);
      refusing = false;
      await forwarded(first!, ...more);
      expect(forwarder!.state().paused).toBeUndefined();
      expect(lines.filter(one => one.level === 'error')).toHaveLength(1);
      expect(await inDoubt()).toEqual([]);
    },
  );

  it('is not taken for one that forbids some events by their content', async () => {
    const bad = await add(visitorA);
    server.answer = ({ event }) => ({ status: JSON.stringify(event).includes(bad[0]!) ? 403 : 200 });
    await start();
    // While nothing was taken, it may be the key.
    await vi.waitFor(() => expect(forwarder!.state().paused).toBe('forbidden'));
    const good = await add(visitorB, 3);
    await forwarded(...good);
    await vi.waitFor(() => expect(server.times(bad[0]!)).toBeGreaterThan(3), { timeout: 5_000 });
    const more = await add(visitorB, 3);
    await forwarded(...good, ...more);
    const { paused, rate } = forwarder!.state();
    expect(paused).toBeUndefined();
    // Nor is the platform offered less for it.
    expect(rate).toBeGreaterThanOrEqual(1_000);
    expect(lines.filter(one => one.level === 'error')).toHaveLength(1);
    expect(lines.filter(one => one.level === 'warn').map(one => one.facts)).toEqual([
      { id: bad[0], type: 'pageViewed' },
    ]);
    server.answer = () => ({ status: 200 });
    await forwarded(...bad, ...good, ...more);
  });

  it.each(['event', 'subscription'] as const)(
    'is taken for one that refuses it when nothing has passed for a while (%s)',
    async lane => {
      let time = Date.now() + 60_000;
      const put = async () => {
        const id = randomUUID();
        const body = JSON.stringify(eventOf(id, id));
        await outbox.add([{ id, at: 1, type: 'x', visitor: id, body, lane }], time);
        forwarder!.wake();
        return id;
      };
      await start({ now: () => time, probeEvery: 60_000 });
      await forwarded(await put());
      server.answer = () => ({ status: 403 });
      const refused = async (atLeast: number) => {
        forwarder!.wake();
        await vi.waitFor(() => expect(server.received.length).toBeGreaterThan(atLeast));
      };
      // However few there are: they are tried again and again.
      for (let n = 0; n < 3; n++) await put();
      for (; server.received.length < 20; time += 100) await refused(server.received.length);
      expect(forwarder!.state().pausedLanes).toEqual({});
      time += 11_000;
      await refused(server.received.length);
      await vi.waitFor(() => expect(forwarder!.state().pausedLanes).toEqual({ [lane]: 'forbidden' }));
      expect(lines.filter(one => one.level === 'error')).toHaveLength(1);
      await vi.waitFor(() => expect(forwarder!.state().inFlight).toBe(0));
      // One a probe, until one passes.
      const before = server.received.length;
      server.answer = () => ({ status: 200 });
      const next = await put();
      expect(server.received.length).toBe(before);
      time += 5_000;
      forwarder!.wake();
      await vi.waitFor(async () => {
        forwarder!.wake();
        time += 1_000;
        expect(await outbox.list('forwarded', 99)).toContain(next);
      });
      expect(forwarder!.state().pausedLanes).toEqual({});
    },
  );

  it('is asked no faster than at first when it begins to forbid', async () => {
    await start({ rate: { start: 20, max: 200 } });
    const [first] = await add(visitorA);
    await forwarded(first!);
    server.answer = () => ({ status: 403 });
    for (let n = 0; n < 200; n++) await add(randomUUID());
    await vi.waitFor(() => expect(server.received.length).toBeGreaterThan(10));
    expect(forwarder!.state().rate).toBeLessThanOrEqual(20);
  });

  it('forbids thirty searches in a row, and nobody else waits for a probe', async () => {
    server.answer = ({ event }) => ({ status: event.eventTypeKey === 'searchRequest' ? 403 : 200 });
    await start({ probeEvery: 60_000 });
    const [first] = await add(visitorB);
    await forwarded(first!);
    for (let n = 0; n < 30; n++) await add(randomUUID(), 1, id => eventOf(id, randomUUID(), 'searchRequest'));
    const [good] = await add(visitorA);
    await forwarded(first!, good!);
    expect(forwarder!.state().paused).toBeUndefined();
  });

  it('is not taken for one that refuses it for what stands aside', async () => {
    let time = Date.now() + 60_000;
    const first = await add(visitorB);
    const bad: string[] = (await Promise.all(Array.from({ length: 30 }, () => add(randomUUID())))).flat();
    server.answer = ({ id }) => ({ status: bad.includes(id) ? 403 : 200 });
    for (const row of await outbox.claim(time, 99))
      await outbox.settle(row, { kind: 'later', due: time, aside: bad.includes(row.id) }, time);
    await start({ now: () => time, probeEvery: 60_000 });
    await forwarded(...first);
    await vi.waitFor(() => {
      time += 60_000;
      forwarder!.wake();
      expect(Math.min(...bad.map(id => server.times(id)))).toBeGreaterThan(1);
    });
    await vi.waitFor(() => expect(forwarder!.state().inFlight).toBe(0));
    expect(forwarder!.state().pausedLanes).toEqual({});
    const good = await add(visitorA);
    await forwarded(...first, ...good);
    expect(lines.filter(one => /403|forbid/.test(one.sentence))).toEqual([]);
  });

  it('is not probed more often than asked', async () => {
    server.answer = () => ({ status: 401 });
    await add(visitorA);
    await start({ probeEvery: 60_000 });
    await vi.waitFor(() => expect(forwarder!.state().paused).toBe('unauthorized'));
    await add(visitorB, 5);
    for (let at = 0; at < 50; at++) {
      forwarder!.wake();
      await new Promise(resolve => setImmediate(resolve));
    }
    expect(server.received).toHaveLength(1);
  });
});

describe('the outbox in trouble', () => {
  it('does not lose a verdict that could not be written at once', async () => {
    const [id] = await add(visitorA);
    let failures = 1;
    const settle = outbox.settle;
    const flaky: Outbox = {
      ...outbox,
      settle: async (...args) => {
        if (failures-- > 0) throw new Error('disk full');
        return settle(...args);
      },
    };
    await start({ outbox: flaky });
    await forwarded(id!);
    expect(server.times(id!)).toBe(1);
  });

  it('goes on claiming when it can be read again', async () => {
    const [id] = await add(visitorA);
    let failures = 1;
    const claim = outbox.claim;
    const flaky: Outbox = {
      ...outbox,
      claim: async (...args) => {
        if (failures-- > 0) throw new Error('disk full');
        return claim(...args);
      },
    };
    await start({ outbox: flaky });
    await forwarded(id!);
  });
});

describe('stopping', () => {
  it('waits for the answer that is on its way, and takes nothing new', async () => {
    let release = () => {};
    server.answer = () => new Promise(resolve => (release = () => resolve({ status: 200 })));
    const [first, second] = await add(visitorA, 2);
    await start();
    await vi.waitFor(() => expect(server.received).toHaveLength(1));
    const stopped = forwarder!.stop(5_000);
    release();
    await stopped;
    expect(await outbox.list('forwarded', 9)).toEqual([first]);
    expect(await outbox.list('waiting', 9)).toEqual([second]);
  });

  it('waits for what is being claimed, and for its answer', async () => {
    const { claim } = outbox;
    const [id] = await add(visitorA);
    let release = () => {};
    const slow = vi.spyOn(outbox, 'claim').mockImplementation(async (...asked) => {
      await new Promise<void>(resolve => (release = resolve));
      return claim(...asked);
    });
    const running = await start();
    await vi.waitFor(() => expect(slow).toHaveBeenCalledOnce());
    const stopped = running.stop(5_000);
    release();
    await stopped;
    expect(await outbox.list('forwarded', 9)).toEqual([id]);
    expect(server.received).toHaveLength(1);
    expect(await inDoubt()).toEqual([]);
  });

  it('does not wait longer than it may', async () => {
    server.answer = () => 'silence';
    const [id] = await add(visitorA);
    await start();
    await vi.waitFor(() => expect(server.received).toHaveLength(1));
    await forwarder!.stop(10);
    expect(await outbox.list('sending', 9)).toEqual([id]);
  });
});

describe('a start', () => {
  it('sends again what an earlier process left on its way, and says that it is in doubt', async () => {
    const [id] = await add(visitorA);
    await outbox.claim(Date.now(), 1);
    await start();
    await forwarded(id!);
    expect(await inDoubt()).toEqual([id]);
    expect(lines.find(one => one.level === 'warn')?.facts).toEqual({ ids: [id], count: 1 });
  });
});

describe('the outbox alarm', () => {
  it('is said once when the oldest event is too old, and once when it is over', async () => {
    let now = 1_000_000;
    const [id] = await outbox.add([{ id: randomUUID(), at: 1, type: 'x', visitor: 'v', body: '{}' }], now);
    const { watch } = createHousekeeping({
      outbox,
      log,
      now: () => now,
      retentionDays: 30,
      alarmSeconds: 600,
    });
    const said = () => lines.map(one => one.level);
    await watch();
    expect(said()).toEqual([]);
    now += 601_000;
    await watch();
    await watch();
    expect(said()).toEqual(['error']);
    await outbox.claim(now, 1);
    await outbox.settle({ id: id!, visitor: 'v' }, { kind: 'forwarded' }, now);
    await watch();
    await watch();
    expect(said()).toEqual(['error', 'info']);
  });
});

describe('the retention', () => {
  it('lets go of old ids after its days, however many', async () => {
    const day = 86_400_000;
    const rows = Array.from({ length: 1_200 }, () => ({
      id: randomUUID(),
      at: 1,
      type: 'x',
      visitor: 'v',
      body: '',
      skip: true,
    }));
    await outbox.add(rows, 0);
    let now = 30 * day;
    const { prune } = createHousekeeping({
      outbox,
      log,
      now: () => now,
      retentionDays: 30,
      alarmSeconds: 600,
    });
    await prune();
    expect(await outbox.list('skipped', 2_000)).toHaveLength(1_200);
    now += 1;
    await prune();
    expect(await outbox.list('skipped', 2_000)).toHaveLength(0);
  });

  it('gives nothing up at the start, nor by one wrong look at the clock', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const hour = 3_600_000;
    let running = 0;
    let set = Date.UTC(2026, 6, 1);
    const now = () => set + running;
    await outbox.add([{ id: 'waits', at: 1, type: 'x', visitor: 'v', body: '{}' }], now());
    const housekeeping = createHousekeeping({
      outbox,
      log,
      now,
      steady: () => running,
      retentionDays: 30,
      alarmSeconds: 1e9,
    });
    const pruned = vi.spyOn(outbox, 'prune');
    const anHour = async () => {
      running += hour;
      vi.advanceTimersByTime(hour);
      await new Promise(setImmediate);
    };
    set += 40 * 24 * hour;
    housekeeping.start();
    expect(pruned).not.toHaveBeenCalled();
    set -= 40 * 24 * hour;
    await anHour();
    expect(pruned).not.toHaveBeenCalled();
    await anHour();
    expect(pruned).toHaveBeenCalledTimes(1);
    set += 40 * 24 * hour;
    await anHour();
    set -= 40 * 24 * hour;
    await anHour();
    expect(pruned).toHaveBeenCalledTimes(1);
    expect(lines.filter(one => one.level === 'warn')).toHaveLength(3);
    expect(await outbox.list('waiting', 9)).toEqual(['waits']);
    // Off for long, and right: what was offered for an hour in vain is given up.
    set += 40 * 24 * hour;
    await anHour();
    await anHour();
    expect(await outbox.list('dead', 9)).toEqual(['waits']);
    housekeeping.stop();
    vi.useRealTimers();
  });
});
