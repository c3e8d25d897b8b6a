import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createSuspects } from '../../../src/tag/delivery/suspects';

const LARGEST = 200;
const MINUTE = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
  return () => vi.useRealTimers();
});

/** The next request of these events. */
const requestOf = (suspects: ReturnType<typeof createSuspects>, events: { id: string }[]) =>
  suspects
    .last(events)
    .slice(0, suspects.most(0))
    .map(({ id }) => id);

const eventsOf = (count: number) => Array.from({ length: count }, (_, n) => ({ id: `${n}` }));

describe('what is refused', () => {
  it('is found, and nothing else is blamed', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 300 }), isBad => {
        const suspects = createSuspects(LARGEST);
        const bad = new Set(isBad.flatMap((is, n) => (is ? [`${n}`] : [])));
        let events = eventsOf(isBad.length);
        const rejected: string[] = [];
        let requests = 0;
        while (events.length && requests++ < 10_000) {
          const ids = requestOf(suspects, events);
          if (!ids.some(id => bad.has(id))) {
            suspects.answered(true);
            events = events.filter(({ id }) => !ids.includes(id));
          } else if (suspects.refused(ids, 0)) {
            rejected.push(...ids);
            events = events.filter(({ id }) => !ids.includes(id));
          }
        }
        expect(rejected).toEqual([...bad]);
        expect(requests).toBeLessThan(12 * (bad.size + 1) + 2);
      }),
    );
  });

  it('is nothing that went with questions', () => {
    const suspects = createSuspects(LARGEST);
    expect(suspects.refused(['1'], 1)).toBe(false);
    expect(suspects.refused(['1'], 0)).toBe(true);
  });
});

describe('what is forbidden', () => {
  it('waits for all others until something has passed', () => {
    const suspects = createSuspects(LARGEST);
    const events = eventsOf(3);
    suspects.forbidden(['0'], 0);
    expect(suspects.last(events).map(({ id }) => id)).toEqual(['1', '2']);
    expect(suspects.last(events.slice(0, 1))).toEqual([{ id: '0' }]);
    suspects.answered(true);
    expect(suspects.last(events)).toEqual(events);
  });

  it('is asked about alone first, where there are questions', () => {
    const suspects = createSuspects(LARGEST);
    suspects.forbidden(['1', '2'], 3);
    expect(suspects.most(3)).toBe(0);
    expect(suspects.most(0)).toBe(LARGEST);
  });

  it('is given up at the fifth time that counts: a minute after the last, others having passed', () => {
    const step = fc.record({ passes: fc.boolean(), after: fc.integer({ min: 0, max: 3 * MINUTE }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), steps => {
        const suspects = createSuspects(LARGEST);
        let at = 0;
        let counted = Number.NEGATIVE_INFINITY;
        let times = 0;
        let passed = true;
        for (const { passes, after } of steps) {
          vi.advanceTimersByTime(after);
          at += after;
          if (passes) suspects.answered(true);
          passed ||= passes;
          if (passed && at - counted >= MINUTE) {
            times++;
            counted = at;
          }
          passed = false;
          const isOver = suspects.forbidden(['1'], 0);
          expect(isOver).toBe(times === 5 && counted === at);
          if (isOver) return;
        }
      }),
    );
  });
});
