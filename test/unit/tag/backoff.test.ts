import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoff, retryAfter } from '../../../src/tag/delivery/backoff';

describe('backoff()', () => {
  it('waits at least a second, at most twice as long with each failure, never over five minutes and a second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), failures => {
        const wait = backoff(failures);
        expect(wait).toBeGreaterThanOrEqual(1000);
        expect(wait).toBeLessThanOrEqual(1000 + Math.min(300_000, 2 ** failures * 1000));
      }),
    );
  });

  it('uses the whole range, so that visitors do not come back together', () => {
    const waits = Array.from({ length: 200 }, () => backoff(6));
    expect(Math.min(...waits)).toBeLessThan(1000 + 64_000 / 4);
    expect(Math.max(...waits)).toBeGreaterThan(1000 + (64_000 * 3) / 4);
  });
});

describe('retryAfter()', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');

  it.each([
    ['seconds', '120', 120_000],
    ['a date', 'Thu, 01 Jan 2026 00:02:00 GMT', 120_000],
    ['more than an hour, taken for an hour', '86400', 3_600_000],
    ['a far date, taken for an hour', 'Fri, 01 Jan 2027 00:00:00 GMT', 3_600_000],
    ['nothing', null, undefined],
    ['a date that has passed', 'Wed, 31 Dec 2025 23:59:00 GMT', undefined],
    ['no seconds at all', '0', undefined],
    ['words', 'soon', undefined],
  ])('reads %s', (_, header, wait) => {
    expect(retryAfter(header, now)).toBe(wait);
  });
});
