import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plain } from '../../../src/protocol/plain';
import { json } from './arbitraries';

class Money {
  constructor(
    readonly amount: number,
    readonly currency: string,
  ) {}
}

/** Like an element of a page: a name of its own, and a way back to itself. */
const elementLike = () => {
  const element: Record<string | symbol, unknown> = { [Symbol.toStringTag]: 'HTMLDivElement', id: 'buy' };
  element.ownerDocument = { [Symbol.toStringTag]: 'HTMLDocument', body: element };
  return element;
};

const circle = () => {
  const circular: Record<string, unknown> = { price: 1 };
  circular.self = [circular];
  return circular;
};

/** Each level holds the one below twice: 2^40 values, in a few hundred bytes of memory. */
const unfolding = () => {
  let level: unknown = 'leaf';
  for (let depth = 0; depth < 40; depth++) level = [level, level];
  return level;
};

const deep = (depth: number) => {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = [value];
  return value;
};

describe('a plain copy', () => {
  it('is what JSON makes of JSON data, whatever the names of the fields', () => {
    fc.assert(
      fc.property(json(fc.string({ maxLength: 12 })), value => {
        expect(plain(value)).toEqual({ data: JSON.parse(JSON.stringify(value)) });
      }),
      { numRuns: 300 },
    );
  });

  it('has nothing in common with the original, at any depth', () => {
    const original = { product: { color: ['green'] } };
    const { data } = plain(original) as { data: typeof original };
    original.product.color.push('red');
    original.product = { color: [] };
    expect(data).toEqual({ product: { color: ['green'] } });
  });

  it.each([
    ['a date as ISO text', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['an instance of a class as its fields', new Money(5, 'USD'), { amount: 5, currency: 'USD' }],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ['what toJSON answers', { toJSON: () => ({ a: 1 }) }, { a: 1 }],
    ['boxed text, numbers and booleans', [Object('a'), Object(1), Object(true)], ['a', 1, true]],
    // biome-ignore lint/suspicious/noSparseArray: that is the case
    ['holes in a list as null', [1, , 2], [1, null, 2]],
    ['no fields that are undefined', { a: undefined, b: 1 }, { b: 1 }],
    ['a value twice where it stands twice', [[deep(1)], deep(1)], [[[1]], [1]]],
  ])('takes %s', (_, value, data) => {
    expect(plain(value)).toEqual({ data });
  });

  it('keeps a field named __proto__ as a field, and gives the copy no other prototype', () => {
    const { data } = plain(JSON.parse('{"__proto__": {"admin": true}}'));
    expect(Object.keys(data as object)).toEqual(['__proto__']);
    expect((data as { admin?: boolean }).admin).toBeUndefined();
  });

  it.each([
    ['NaN', Number.NaN, 'Number|NaN'],
    ['Infinity', Number.POSITIVE_INFINITY, 'Number|NaN'],
    ['-Infinity', Number.NEGATIVE_INFINITY, 'Number|NaN'],
    ['a BigInt', 10n, 'BigInt'],
    ['a symbol', Symbol('x'), 'Symbol'],
    ['a function', () => 1, 'Function'],
    ['a Map', new Map(), 'Map'],
    ['a Set', new Set(), 'Set'],
    ['a typed array', new Uint8Array(2), 'Uint8Array'],
    ['a regular expression', /x/, 'RegExp'],
    ['an Error', Error('x'), 'Error'],
    ['a Promise', Promise.resolve(), 'Promise'],
    ['an element of a page', elementLike(), 'HTMLDivElement'],
    ['toJSON that answers a BigInt', { toJSON: () => 1n }, 'BigInt'],
  ])('refuses %s, and names the field and what stood there', (_, value, kind) => {
    const { data, reason } = plain({ outer: { colour: value } });
    expect(data).toBeUndefined();
    expect(reason).toMatch(RegExp(`^colour: cannot be sent as JSON .*(${kind})`));
  });

  it.each([
    ['itself', Number.NaN],
    ['in a list', [1, Number.NaN]],
    ['deep inside', { a: [{ b: Number.POSITIVE_INFINITY }] }],
  ])('refuses what JSON would turn into null: %s', (_, value) => {
    expect(plain(value)).toEqual({ reason: expect.any(String) });
  });

  it.each([
    ['a circle', circle()],
    [
      'a getter that throws',
      {
        get price() {
          throw Error('secret-4711');
        },
      },
    ],
    [
      'toJSON that throws',
      {
        toJSON() {
          throw Error('secret-4711');
        },
      },
    ],
    ['toJSON that answers nothing', { toJSON: () => undefined }],
    [
      'a proxy whose traps throw',
      new Proxy(
        {},
        {
          ownKeys() {
            throw Error('secret-4711');
          },
        },
      ),
    ],
    [
      'a proxy that was revoked',
      (() => {
        const { proxy, revoke } = Proxy.revocable({}, {});
        revoke();
        return proxy;
      })(),
    ],
    ['nesting without end', deep(200_000)],
    ['a small graph that would unfold without end', unfolding()],
    ['more values than an event can hold', Array(10_001).fill(0)],
    ['undefined alone', undefined],
  ])('refuses %s with a reason of its own words', (_, value) => {
    const { data, reason } = plain(value);
    expect(data).toBeUndefined();
    expect(reason).toEqual(expect.any(String));
    expect(reason).not.toContain('secret-4711');
  });

  it('takes as many small values as fit into an event', () => {
    expect(plain(Array(9_000).fill(0)).data).toHaveLength(9_000);
  });

  // refused like NaN itself; JSON turns it into null, which then counts as absent.
  it('refuses NaN in a Number object', () => {
    expect(plain({ price: Object(Number.NaN) }).reason).toEqual(expect.any(String));
  });
});
