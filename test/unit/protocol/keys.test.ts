import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultOfKey, fits } from '../../../src/protocol/keys';
import { FORBIDDEN, fitText } from './arbitraries';

describe('the character rule', () => {
  it('holds for text without forbidden characters, and no longer once one is put anywhere into it', () => {
    fc.assert(
      fc.property(fitText(299), fc.constantFrom(...FORBIDDEN), fc.nat(), (value, character, place) => {
        const at = place % (value.length + 1);
        expect(fits(value)).toBe(true);
        expect(fits(value.slice(0, at) + character + value.slice(at))).toBe(false);
      }),
    );
  });

  it('is kept by text only, and asking is safe with anything', () => {
    fc.assert(
      fc.property(
        fc
          .anything({ withBigInt: true, withDate: true, withMap: true, withBoxedValues: true })
          .filter(value => typeof value !== 'string'),
        value => {
          expect(fits(value)).toBe(false);
        },
      ),
    );
    expect(fits(Symbol('x'))).toBe(false);
  });

  it('has the length that is asked for as its bound, else the 300 characters of a keyValue', () => {
    expect(fits('k'.repeat(300))).toBe(true);
    expect(fits('k'.repeat(301))).toBe(false);
    expect(fits('kkk', 3)).toBe(true);
    expect(fits('kkkk', 3)).toBe(false);
  });
});

describe('the fault of an eventTypeKey', () => {
  it('says what may stand there, and nothing of what stood there', () => {
    for (const key of ['secret-4711?', `secret-4711${'k'.repeat(100)}`]) {
      expect(faultOfKey(key)).toMatch(/^eventTypeKey: expected 1 to 100 characters, none of /);
      expect(faultOfKey(key)).not.toContain('secret-4711');
    }
  });

  it.each([[undefined], [null], [7], [{}], [['a']], [Symbol('a')], [() => 'a']])('is told of %s', key => {
    expect(faultOfKey(key)).toEqual(expect.any(String));
  });
});
