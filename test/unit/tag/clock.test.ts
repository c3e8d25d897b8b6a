import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { correctedAt } from '../../../src/relay/core/clock-rule';

const HOUR = 3_600_000;
const start = Date.UTC(2026, 10, 23);

const load = async () => {
  vi.resetModules();
  return (await import('../../../src/tag/browser/clock')).now;
};

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: start }));
afterEach(() => void vi.useRealTimers());

describe('the time of a page', () => {
  it('is the clock’s', async () => {
    const now = await load();
    expect(now()).toBe(start);
    vi.setSystemTime(start + 1234);
    expect(now()).toBe(start + 1234);
  });

  it('goes on where it was when the clock is set back, and at the clock’s pace', async () => {
    const now = await load();
    now();
    vi.setSystemTime(start - HOUR);
    expect(now()).toBe(start);
    vi.setSystemTime(start - HOUR + 500);
    expect(now()).toBe(start + 500);
    vi.setSystemTime(start - 3 * HOUR);
    expect(now()).toBe(start + 500);
    vi.setSystemTime(start - 3 * HOUR + 70);
    expect(now()).toBe(start + 570);
  });

  it('is the morning’s when the device slept a night long: a timer of the page would have stood still', async () => {
    const now = await load();
    now();
    const { performance } = globalThis;
    const stood = performance.now();
    vi.spyOn(performance, 'now').mockReturnValue(stood);
    vi.setSystemTime(start + 9 * HOUR);
    expect(now()).toBe(start + 9 * HOUR);
  });

  it('never goes back, whatever the clock does', async () => {
    const now = await load();
    let last = now();
    fc.assert(
      fc.property(fc.integer({ min: -10 * HOUR, max: 10 * HOUR }), shift => {
        vi.setSystemTime(start + shift);
        const next = now();
        expect(next).toBeGreaterThanOrEqual(last);
        last = next;
      }),
    );
  });

  it('is that of a request, too: the relay sees by it how far the clock is out', async () => {
    vi.resetModules();
    const { createWire } = await import('../../../src/tag/delivery/wire');
    const { now } = await import('../../../src/tag/browser/clock');
    vi.setSystemTime(start + HOUR);
    now();
    vi.setSystemTime(start + 1000);
    const at = now();
    const { sentAt } = JSON.parse(createWire({} as never, false).body(['{}'], []));
    expect(correctedAt(at, sentAt, start + 1000)).toBe(start + 1000);
  });
});
