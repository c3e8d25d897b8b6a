import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteLength } from '../../../src/protocol/size';
import { text } from './arbitraries';

describe('the length of a text in bytes', () => {
  it('is what a server counts for it, whatever the script, surrogates that stand alone included', () => {
    fc.assert(
      fc.property(text({ maxLength: 60 }), value => {
        expect(byteLength(value)).toBe(Buffer.byteLength(value));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['', 0],
    ['mug', 3],
    ['кружка', 12],
    ['杯', 3],
    ['🛒', 4],
    ['\ud83d', 3],
  ])('of %j is %i', (value, bytes) => {
    expect(byteLength(value)).toBe(bytes);
  });
});
