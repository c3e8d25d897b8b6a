import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInPrint, toPrint } from '../../../src/tag/identity/print';

const ID = '7d0c2a94-33b1-4e8f-8b65-9f1e6a5c4d22';
const [EMAIL, PHONE] = [2, 3] as const;

describe('the print of a person', () => {
  it('stays as it is: another form would take everybody for somebody else', () => {
    const ann = { email: 'ann@example.com', phone: '380501234567', externalCustomerId: '7' };
    expect(toPrint(ID, { email: 'ann@example.com' })).toBe('--0k--');
    expect(toPrint(ID, ann)).toBe('-jb-0k-fm-');
  });

  it('recognizes what it was made of, and nothing of a kind that it was not told', () => {
    const text = fc.string({ minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(fc.uuid(), text, (id, value) => {
        const print = toPrint(id, { email: value });
        expect(print).toMatch(/^--[\da-z]{2}--$/);
        expect(isInPrint(print, id, EMAIL, value)).toBe(true);
        expect(isInPrint(print, id, PHONE, value)).toBe(undefined);
      }),
    );
  });

  it('keeps what was told before', () => {
    const before = toPrint(ID, { email: 'ann@example.com', phone: '1' });
    const after = toPrint(ID, { phone: '2' }, before);
    expect(isInPrint(after, ID, EMAIL, 'ann@example.com')).toBe(true);
    expect(isInPrint(after, ID, PHONE, '1')).toBe(false);
    expect(isInPrint(after, ID, PHONE, '2')).toBe(true);
  });

  it.each([
    ['addresses', (n: number) => `customer${n}@example.com`],
    ['phones', (n: number) => `${380_500_000_000 + n}`],
    ['ids', (n: number) => `${n}`],
  ])('tells %s apart, but for one in about 1,296', (_, make) => {
    const print = toPrint(ID, { email: make(0) });
    const taken = Array.from({ length: 20_000 }, (_, n) => isInPrint(print, ID, EMAIL, make(n + 1)));
    const mistaken = taken.filter(Boolean).length;
    expect(mistaken).toBeLessThan(2 * (20_000 / 1296));
  });

  it('says nothing when it is damaged', () => {
    for (const damaged of ['', 'x', '%', '--', 'a-b', '-'.repeat(40)]) {
      expect(isInPrint(damaged, ID, EMAIL, 'ann@example.com')).toBe(undefined);
      expect(
        isInPrint(toPrint(ID, { email: 'ann@example.com' }, damaged), ID, EMAIL, 'ann@example.com'),
      ).toBe(true);
    }
  });
});
