// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDelivery } from '../../../src/tag/delivery/delivery';
import { createWire, type Verdict } from '../../../src/tag/delivery/wire';
import { createQueue, type Kept } from '../../../src/tag/queue/queue';

const HOUR = 3_600_000;

/** A page with these events in its queue, and an endpoint that answers as told. */
const setUp = (
  events: string[],
  answer: (events: string[], have: string[]) => Verdict,
  postponed = 0,
  earlier: string[] = [],
  room = 1000,
  held = () => false,
) => {
  const dropped: string[] = [];
  const queue = createQueue('mine', { put() {}, remove() {} }, room, ({ id }) => dropped.push(id));
  const kept = (id: string) => ({ id, eventTypeKey: 'x', params: [], at: Date.now(), anonymousId: 'a' });
  for (const id of events) queue.add(kept(id));
  const left = earlier.map((id, seq): Kept => ({ ...kept(id), v: 1, page: 'earlier', seq }));
  const requests: { events: string[]; have: string[] }[] = [];
  const keepalives: boolean[] = [];
  const beacons: { events: string[]; after: string[] }[] = [];
  const rejected: string[] = [];
  let retryAt = postponed;
  const recall = vi.fn(async () => retryAt);
  const { encode, body, asks, most } = createWire({} as never, false);
  const wire = {
    asks,
    most,
    encode,
    body,
    beacon(text: string) {
      const { events, after = [] } = JSON.parse(text) as { events: { id: string }[]; after?: string[] };
      beacons.push({ events: events.map(({ id }) => id), after });
      return true;
    },
    async renew() {},
    async send(text: string, _: string[], keepalive: boolean) {
      keepalives.push(keepalive);
      const { events, have = [] } = JSON.parse(text) as { events: { id: string }[]; have?: string[] };
      const request = { events: events.map(({ id }) => id), have };
      requests.push(request);
      return answer(request.events, have);
    },
  };
  const delivery = createDelivery(
    {
      queue,
      wire,
      page: 'mine',
      delay: 2000,
      envelope: ({ id, at, params }) => ({ id, at, event: { eventTypeKey: 'x', params } }) as never,
      held,
      recall,
      postpone: at => {
        retryAt = at;
      },
      orphans: async () => left,
      emit: (name, notice) => {
        if (name === 'rejected') rejected.push((notice as { id: string }).id);
      },
    },
    left,
  );
  const add = (id: string, text = '') => {
    queue.add({ ...kept(id), params: [{ name: 'text', value: text }] });
    delivery.added();
  };
  return { queue, requests, rejected, recall, add, delivery, keepalives, beacons, dropped };
};

const taken = (accepted: string[]): Verdict => ({ kind: 'answered', accepted, rejected: [] });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('when the endpoint wants to be asked again', () => {
  it('waits for it, as another tab has been told', async () => {
    const { requests } = setUp(['1'], taken, Date.now() + HOUR / 2);
    await vi.advanceTimersByTimeAsync(HOUR / 2 - 1);
    expect(requests).toEqual([]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(requests).toHaveLength(1);
  });

  it.each([1, 40])('does not wait until a clock that was %i days ahead would say so', async days => {
    const { requests, recall } = setUp(['1'], taken, Date.now() + days * 24 * HOUR);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(requests).toHaveLength(1);
    expect(recall).toHaveBeenCalledTimes(1);
  });

  it('does not wait longer than it may ask for when the clock is set back meanwhile', async () => {
    let calls = 0;
    const { requests, add } = setUp(['1'], events =>
      calls++ ? taken(events) : { kind: 'later', wait: 60_000 },
    );
    await vi.advanceTimersByTimeAsync(3000);
    expect(requests).toHaveLength(1);
    vi.setSystemTime(Date.now() - 10 * HOUR);
    await vi.advanceTimersByTimeAsync(70_000);
    expect(requests).toHaveLength(2);
    // Nor when the clock comes near that time again.
    await vi.advanceTimersByTimeAsync(9.5 * HOUR);
    add('2');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(requests).toHaveLength(3);
  });
});

it('does not wait a second time when the clock is set back over a time that has passed', async () => {
  let calls = 0;
  const { requests, add } = setUp(['1'], events =>
    calls++ ? taken(events) : { kind: 'later', wait: 60_000 },
  );
  await vi.advanceTimersByTimeAsync(90_000);
  expect(requests).toHaveLength(2);
  vi.setSystemTime(Date.now() - HOUR / 2);
  add('2');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(requests).toHaveLength(3);
});

it('sends what is cut to fit one body so that it outlives the page, too', async () => {
  const { requests, keepalives, add } = setUp([], taken);
  for (let n = 0; n < 10; n++) add(`${n}`, 'x'.repeat(9000));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(requests.map(({ events }) => events.join(''))).toEqual(['012345', '6789']);
  expect(keepalives).toEqual([true, true]);
});

it('names to the beacon what a request has not brought for sure', async () => {
  const { requests, add, delivery, beacons } = setUp(['1'], () => ({ kind: 'silent' }));
  await vi.advanceTimersByTimeAsync(2500);
  expect(requests.map(({ events }) => events)).toEqual([['1']]);
  add('2');
  delivery.hide();
  expect(beacons).toEqual([{ events: ['2'], after: ['1'] }]);
});

describe('the bound', () => {
  const earlier = Array.from({ length: 30 }, (_, n) => `earlier${n}`);

  it('counts what earlier pages have left, once it is clear that nobody answers for it', async () => {
    const { queue, dropped } = setUp(['mine'], () => ({ kind: 'silent' }), 0, earlier, 10);
    await vi.advanceTimersByTimeAsync(3000);
    expect(queue.size()).toBe(10);
    expect(dropped).toHaveLength(21);
  });

  it('counts nothing that may have arrived, until the endpoint has said', async () => {
    const { queue, dropped } = setUp(['mine'], (events, have) => taken([...events, ...have]), 0, earlier, 10);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(queue.size()).toBe(0);
    expect(dropped).toEqual([]);
  });

  it('counts at once what was held, and so has never left', async () => {
    const { queue, dropped } = setUp(['mine'], taken, 0, earlier, 10, () => true);
    await vi.advanceTimersByTimeAsync(10);
    expect(queue.size()).toBe(10);
    expect(dropped).toHaveLength(21);
  });
});

it('delivers what a page has left while the clock was ahead, without Web Locks too', async () => {
  vi.stubGlobal('navigator', { onLine: true });
  const right = Date.now();
  vi.setSystemTime(right + 120 * HOUR);
  const { requests } = setUp([], taken, 0, ['ahead']);
  vi.setSystemTime(right);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(requests.flatMap(({ events }) => events)).toEqual(['ahead']);
});

describe('when something is forbidden, as by a firewall', () => {
  const forbids =
    (what: string) =>
    (events: string[], have: string[]): Verdict =>
      [...events, ...have].includes(what)
        ? { kind: 'later', wait: undefined, forbidden: true }
        : taken(events);
  const forbidsAll = () => ({ kind: 'later', wait: undefined, forbidden: true }) as const;
  const MINUTE = 60_000;

  it('finds the bad one among many with few requests, and delivers the others', async () => {
    const others = Array.from({ length: 150 }, (_, n) => `${n}`);
    const { requests, queue } = setUp([...others.slice(0, 70), 'bad', ...others.slice(70)], forbids('bad'));
    await vi.advanceTimersByTimeAsync(5 * MINUTE);
    expect(queue.events().map(({ id }) => id)).toEqual(['bad']);
    const sent = requests.flatMap(({ events }) => (events.includes('bad') ? [] : events));
    expect(sent).toEqual(others);
    expect(requests.length).toBeLessThan(40);
  });

  it('gives up what was forbidden alone five times, a minute apart, while others passed', async () => {
    const { rejected, queue, add } = setUp(['bad'], forbids('bad'));
    let passed = 0;
    while (!rejected.length && passed < 20) {
      // Others pass more often than it is counted.
      await vi.advanceTimersByTimeAsync(MINUTE / 3);
      add(`${passed++}`);
    }
    expect(rejected).toEqual(['bad']);
    expect(passed).toBeGreaterThan(12);
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(queue.size()).toBe(0);
  });

  it('tries a lone event again and again, and never gives it up for that', async () => {
    let closed = true;
    const { requests, rejected, queue } = setUp(['order'], events => (closed ? forbidsAll() : taken(events)));
    await vi.advanceTimersByTimeAsync(6 * HOUR);
    expect(requests.length).toBeGreaterThan(20);
    expect(requests.length).toBeLessThan(400);
    expect(rejected).toEqual([]);
    closed = false;
    await vi.advanceTimersByTimeAsync(HOUR);
    expect(queue.size()).toBe(0);
  });

  it('hands all that was not forbidden alone to the beacon, however small the requests have become', async () => {
    const { requests, add, delivery, beacons } = setUp(['1', '2', '3', '4', '5', '6'], forbidsAll);
    const wasAlone = () => requests.at(-1)?.events.join('') === '1';
    // Less than a backoff at a time, so that no further request has been made.
    for (let tenths = 0; !wasAlone() && tenths < 150; tenths++) await vi.advanceTimersByTimeAsync(100);
    expect(wasAlone()).toBe(true);
    add('7');
    delivery.hide();
    expect(beacons.map(({ events }) => events.join(''))).toEqual(['234567']);
  });

  it('hands a lone event to the beacon, too', async () => {
    const { delivery, beacons } = setUp(['order'], forbidsAll);
    await vi.advanceTimersByTimeAsync(3000);
    delivery.hide();
    expect(beacons.map(({ events }) => events)).toEqual([['order']]);
  });

  it('asks first where it has questions, so that they do not keep it from finding out', async () => {
    const { requests, queue } = setUp(['bad', '2'], forbids('bad'), 0, ['earlier']);
    await vi.advanceTimersByTimeAsync(2 * MINUTE);
    expect(requests.slice(0, 2)).toEqual([
      { events: ['bad', '2'], have: ['earlier'] },
      { events: [], have: ['earlier'] },
    ]);
    expect(['earlier', '2'].filter(queue.has)).toEqual([]);
  });

  it('delivers everything, with few requests more, when it was not for what is in it', async () => {
    let closed = true;
    const ids = Array.from({ length: 150 }, (_, n) => `${n}`);
    const { requests, rejected, queue } = setUp(ids, events => (closed ? forbidsAll() : taken(events)));
    await vi.advanceTimersByTimeAsync(3000);
    closed = false;
    await vi.advanceTimersByTimeAsync(2 * MINUTE);
    expect(rejected).toEqual([]);
    expect(queue.size()).toBe(0);
    expect(requests.length).toBeLessThan(6);
  });
});

describe('when a body is refused', () => {
  const refused: Verdict = { kind: 'refused', reason: 'no' };

  it('finds the bad one, and delivers the others', async () => {
    const { requests, rejected } = setUp(['1', 'bad', '3'], events =>
      events.includes('bad') ? refused : taken(events),
    );
    await vi.advanceTimersByTimeAsync(60_000);
    expect(rejected).toEqual(['bad']);
    expect(requests.map(({ events }) => events)).toEqual([
      ['1', 'bad', '3'],
      ['1'],
      ['bad', '3'],
      ['bad'],
      ['3'],
    ]);
  });

  it('does not blame an event for the questions that went with it', async () => {
    const { requests, rejected, queue } = setUp(
      ['mine'],
      (events, have) => (have.length ? refused : taken(events)),
      0,
      ['earlier'],
    );
    await vi.advanceTimersByTimeAsync(60_000);
    expect(requests[0]).toEqual({ events: ['mine'], have: ['earlier'] });
    expect(rejected).toEqual([]);
    expect(requests.flatMap(({ have, events }) => (have.length ? [] : events)).sort()).toEqual([
      'earlier',
      'mine',
    ]);
    expect(queue.size()).toBe(0);
  });
});
