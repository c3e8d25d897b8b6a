import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toAnswer } from '../../../src/tag/consent/answer';

describe('toAnswer()', () => {
  it.each([
    [true, { events: 'granted', identity: 'granted' }],
    [false, { events: 'denied', identity: 'denied' }],
    [
      { events: true, identity: false },
      { events: 'granted', identity: 'denied' },
    ],
    [{ events: true }, { events: 'granted' }],
    [{ identity: false }, { identity: 'denied' }],
    [{}, {}],
  ])('reads %j', (told, answer) => {
    expect(toAnswer(told)).toEqual(answer);
  });

  it.each([
    ...[
      undefined,
      null,
      0,
      1,
      '',
      'true',
      'granted',
      'denied',
      NaN,
      () => true,
      Symbol('yes'),
      [true],
      ['events'],
    ],
    ...[{ events: 1 }, { events: 'granted' }, { events: 'true' }, { events: null }, { events: undefined }],
    ...[{ events: true, identity: 'no' }, { event: true }, { events: true, ads: true }, { Events: true }],
    ...[{ events: { valueOf: () => true } }, { analytics_storage: 'granted' }, { xevents: true }],
  ])('takes what it cannot understand for no answer at all: %o', told => {
    expect(toAnswer(told)).toBeUndefined();
  });

  it('makes a yes of nothing but true', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.anything(), fc.record({ events: fc.anything(), identity: fc.anything() })),
        told => {
          const answer = toAnswer(told);
          for (const purpose of ['events', 'identity'] as const) {
            const said = typeof told === 'object' ? (told as Record<string, unknown>)?.[purpose] : told;
            if (answer?.[purpose] === 'granted') expect(said).toBe(true);
            if (answer?.[purpose] === 'denied') expect(said).toBe(false);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
