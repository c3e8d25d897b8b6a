import fc from 'fast-check';

/** The characters that seed 003 forbids in eventTypeKey and keyValue, written down once more: not the code's own list. */
export const FORBIDDEN = [...'<;’\\/|"`\'^?!,>'];

/** Text of any script, with what JSON must escape and with surrogates that stand alone. */
export const text = (limits: { minLength?: number; maxLength?: number } = {}) =>
  fc.oneof(
    fc.string({ unit: 'binary', ...limits }),
    fc.string({ unit: 'grapheme', ...limits }),
    fc
      .array(fc.integer({ min: 0, max: 0xffff }), limits)
      .map(codes => codes.map(code => String.fromCharCode(code)).join('')),
  );

/** Text that has something to read in it, as the seeds want it of a required field. */
export const words = text({ minLength: 1, maxLength: 30 }).filter(value => value.trim() !== '');

/** Text that keeps the character rule of keyValue. */
export const fitText = (maxLength = 300) =>
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: Math.ceil(maxLength / 4) })
    .filter(value => value.length <= maxLength && !FORBIDDEN.some(character => value.includes(character)));

/** An eventTypeKey that the platform takes, and that is no site event. */
export const eventKey = fitText(100).map(value => `x${value}`.slice(0, 100));

/** Names that every object inherits: what a careless look-up finds although nobody said it. */
export const INHERITED = ['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'valueOf', 'toJSON'];

/** Field names that no object inherits. */
export const plainKey = fc.string({ unit: 'grapheme', maxLength: 12 }).filter(name => !(name in {}));

/** Any JSON value with the given field names. */
export const json = (key: fc.Arbitrary<string>) =>
  fc.anything({
    key,
    maxDepth: 3,
    values: [
      text({ maxLength: 12 }),
      fc.boolean(),
      fc.constant(null),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(number => number + 0 || 0),
    ],
  });
