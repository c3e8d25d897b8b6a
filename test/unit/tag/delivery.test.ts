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
      held: () => false,
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

it('keeps no more than it may, those of earlier pages included', async () => {
  const earlier = Array.from({ length: 30 }, (_, n) => `earlier${n}`);
  const { queue, dropped } = setUp(['mine'], () => ({ kind: 'silent' }), 0, earlier, 10);
  await vi.advanceTimersByTimeAsync(3000);
  expect(queue.size()).toBe(10);
  expect(dropped).toHaveLength(21);
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

  it('delivers the others, and gives up what was forbidden alone three times while others passed', async () => {
    const { requests, rejected, queue, add } = setUp(['1', 'bad', '3'], forbids('bad'));
    await vi.advanceTimersByTimeAsync(120_000);
    expect(requests.map(({ events }) => events)).toEqual([['1', 'bad', '3'], ['1'], ['bad'], ['3'], ['bad']]);
    // Nothing has passed since: it is left alone.
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(requests).toHaveLength(5);
    expect(queue.events().map(({ id }) => id)).toEqual(['bad']);
    add('4');
    await vi.advanceTimersByTimeAsync(120_000);
    expect(rejected).toEqual(['bad']);
    expect(queue.size()).toBe(0);
    add('5');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(requests.at(-1)!.events).toEqual(['5']);
  });

  it('sends bursts together again when it has found nothing', async () => {
    let closed = true;
    const { requests, add } = setUp(['1', '2'], events =>
      closed ? { kind: 'later', wait: undefined, forbidden: true } : taken(events),
    );
    await vi.advanceTimersByTimeAsync(2500);
    closed = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(requests.map(({ events }) => events.join())).toEqual(['1,2', '1', '2']);
    for (const id of ['3', '4', '5']) add(id);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(requests.at(-1)!.events).toEqual(['3', '4', '5']);
  });

  it('asks first where it has questions, so that they do not keep it from finding out', async () => {
    const { requests, queue } = setUp(['bad', '2'], forbids('bad'), 0, ['earlier']);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(requests.slice(0, 2)).toEqual([
      { events: ['bad', '2'], have: ['earlier'] },
      { events: [], have: ['earlier'] },
    ]);
    expect(['earlier', '2'].filter(queue.has)).toEqual([]);
  });

  it('keeps everything where everything is forbidden, and delivers it when it is not any more', async () => {
    let closed = true;
    const { requests, rejected, queue, add } = setUp(['1', '2', '3'], events =>
      closed ? { kind: 'later', wait: undefined, forbidden: true } : taken(events),
    );
    await vi.advanceTimersByTimeAsync(600_000);
    expect(queue.size()).toBe(3);
    expect(rejected).toEqual([]);
    expect(requests.length).toBeLessThan(10);
    closed = false;
    add('4');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(rejected).toEqual([]);
    expect(queue.size()).toBe(0);
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
    expect(requests.map(({ events }) => events)).toEqual([['1', 'bad', '3'], ['1'], ['bad'], ['3']]);
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
