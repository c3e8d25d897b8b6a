import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createPadding } from '../../../src/relay/hosts/padded-body';

const json = fc.oneof(
  fc.json(),
  fc.string({ unit: 'grapheme', maxLength: 20_000 }).map(text => JSON.stringify({ text })),
);

it.each([512, 1_024, 4_096, 65_536])('gives a body pages of its own (pages of %i)', pageSize => {
  const { pad, unpad } = createPadding(pageSize);
  fc.assert(
    fc.property(json, body => {
      const padded = pad(body);
      expect(unpad(padded)).toBe(body);
      const blanks = padded.length - padded.trimStart().length;
      // The header of the row: its length, the type of `seq`, and the type of a text, which is a number of its length.
      for (const header of [3, 4, 5, 6]) {
        const size = header + Buffer.byteLength(padded);
        // https://sqlite.org/fileformat2.html#b_tree_cell_format, with its own letters.
        const [u, x] = [pageSize, pageSize - 35];
        const m = Math.floor(((u - 12) * 32) / 255) - 23;
        const k = m + ((size - m) % (u - 4));
        expect(size).toBeGreaterThan(x);
        expect(k <= x ? k : m).toBeLessThanOrEqual(header + blanks);
        // No more than it takes.
        expect(k <= x ? k : m).toBeLessThan(m + 10);
      }
    }),
    { numRuns: 200 },
  );
});
