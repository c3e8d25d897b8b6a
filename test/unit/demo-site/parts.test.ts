import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cart, cartTotals, readQuantity } from '../../../demo-site/cart';
import { allItems, chooseVariant, findProduct, optionsOf } from '../../../demo-site/catalogue';
import { internationalPhone, isEmail, localPath } from '../../../demo-site/fields';
import { products } from '../../../demo-site/products';
import { searchProducts } from '../../../demo-site/search';
import { createSessions, emptySession } from '../../../demo-site/session';
import { scriptJson, stub } from '../../../demo-site/shoptrail';

describe('the catalogue', () => {
  it('has unique ids and addresses, and every combination of options exists once', () => {
    const ids = allItems().map(({ variant }) => variant.id);
    expect(new Set(ids).size).toBe(products.flatMap(({ variants }) => variants).length);
    expect(new Set(products.map(({ slug }) => slug)).size).toBe(products.length);
    for (const product of products) {
      const combinations = optionsOf(product).reduce((count, { values }) => count * values.length, 1);
      expect(new Set(product.variants.map(({ options }) => JSON.stringify(options))).size).toBe(combinations);
    }
  });

  it('finds the variant of any choice, and something for a wrong one', () => {
    const heron = findProduct('heron-teapot')!;
    expect(chooseVariant(heron, { color: 'tide blue', size: '1 l' }).id).toBe('POT-HERON-BLUE-10');
    expect(chooseVariant(heron, { size: '1 l' }).id).toBe('POT-HERON-CELADON-10');
    expect(chooseVariant(heron, { color: 'tide blue', size: 'huge' }).id).toBe('POT-HERON-BLUE-06');
    expect(chooseVariant(heron, {}).id).toBe('POT-HERON-CELADON-06');
  });

  it('search wants every word, ignores case and accents, and puts names first', () => {
    expect(searchProducts('  SENCHÁ ')[0]?.slug).toBe('morning-tide-sencha');
    expect(searchProducts('mug sencha')).toEqual([]);
    expect(searchProducts('   ')).toEqual([]);
    expect(searchProducts('teapot')[0]?.name).toContain('teapot');
  });
});

describe('sums', () => {
  it('are whole cents for every cart', () => {
    const line = fc.tuple(fc.constantFrom(...allItems()), fc.integer({ min: 1, max: 20 }));
    fc.assert(
      fc.property(fc.array(line), lines => {
        const cart: Cart = new Map(lines.map(([{ variant }, quantity]) => [variant.id, quantity]));
        const cents = [...cart].reduce((sum, [id, quantity]) => {
          const { variant } = allItems().find(item => item.variant.id === id)!;
          return sum + Math.round(variant.price * 100) * quantity;
        }, 0);
        const { goods, delivery, total } = cartTotals(cart);
        expect(goods).toBe(cents / 100);
        expect(delivery).toBe(cents === 0 || cents >= 6000 ? 0 : 5.9);
        expect(total).toBe((cents + Math.round(delivery * 100)) / 100);
      }),
    );
  });

  it('quantities are whole numbers in range', () => {
    expect(['1', '20', '0', '21', '', ' 1', '1e1', '-1'].map(text => readQuantity(text))).toEqual([
      1,
      20,
      ...Array(6).fill(undefined),
    ]);
    expect(readQuantity('0', 0)).toBe(0);
  });
});

describe('forms', () => {
  it('know addresses and international numbers', () => {
    expect(["o'neil@example.com", 'a@b', 'a b@c.de', ''].map(isEmail)).toEqual([true, false, false, false]);
    expect(['+380 50 123 45 67', '0501234567', '+0123456789', '+12'].map(internationalPhone)).toEqual([
      '+380501234567',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('a path to return to never leaves the shop', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('', '/', '//', '/\\', 'https://'), (text, start) => {
        const path = localPath(start + text, '/fallback');
        expect(new URL(path, 'http://here.test').origin).toBe('http://here.test');
        expect(path).toMatch(/^\//);
      }),
    );
    expect(localPath('/search?q=a%20b', '/')).toBe('/search?q=a%20b');
  });
});

describe('sessions', () => {
  it('are forgotten in the order of last use when there are too many', () => {
    const sessions = createSessions(2);
    const first = sessions.create(emptySession());
    const second = sessions.create(emptySession());
    sessions.find(first);
    sessions.create(emptySession());
    expect(sessions.find(first)).toBeDefined();
    expect(sessions.find(second)).toBeUndefined();
    expect(sessions.find(undefined)).toBeUndefined();
  });
});

describe('what goes to the tag', () => {
  it('JSON in a script element never closes it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const text = scriptJson({ value, nasty: '</script><!--' });
        expect(text).not.toContain('<');
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify({ value, nasty: '</script><!--' })));
      }),
    );
  });

  it('the stub for early calls has at most 200 bytes', () => {
    expect(Buffer.byteLength(stub)).toBeLessThanOrEqual(200);
  });
});
