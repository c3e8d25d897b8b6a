import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toParams as readParams } from '../../../src/protocol/params';
import { plain } from '../../../src/protocol/plain';
import { eventKey, INHERITED, json, plainKey, text, words } from './arbitraries';

/** What the tag does with a payload: it is copied at the call, and read from the copy. */
const toParams = (event: string, payload: unknown, defaults?: Record<string, unknown>) =>
  readParams(event, plain(payload ?? {}), defaults);

const EVENTS = [
  'pageViewed',
  'productViewed',
  'productCategoryViewed',
  'cartUpdated',
  'productImpressions',
  'productAddedToWishlist',
  'searchRequest',
];

/** Field names a payload may have: those of the rules, those that every object inherits, and any. */
const anyKey = fc.oneof(
  fc.constantFrom('page', 'product', 'products', 'category', 'search', 'productId', 'price', 'isInStock'),
  fc.constantFrom(...INHERITED, 'length', '*', ''),
  fc.string({ maxLength: 8 }),
);

const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
const circle = () => {
  const circular: unknown[] = [];
  circular.push({ circular });
  return circular;
};
const throws = () => {
  throw Error('not today');
};

/** What no JSON is, and what breaks whoever looks at it. Made anew each time. */
const hostile = fc
  .constantFrom<() => unknown>(
    () => 10n,
    () => Symbol('x'),
    () => throws,
    () => class {},
    () => Number.NaN,
    () => Number.NEGATIVE_INFINITY,
    circle,
    () => new Proxy({}, { ownKeys: throws }),
    () => Object.defineProperty({}, 'price', { enumerable: true, get: throws }),
    () => ({ toJSON: throws }),
    () => ({ toJSON: () => Symbol('x') }),
    () => ({ [Symbol.toPrimitive]: throws }),
    () => Object.defineProperty({}, Symbol.toStringTag, { get: throws }),
    () => ({ [Symbol.toStringTag]: 'HTMLElement' }),
    () => new Date(0),
    () => new Date(Number.NaN),
    () => new Map([['a', 1]]),
    () => new Set([1]),
    () => new Uint8Array(3),
    () => Promise.resolve(1),
    () => Object.create(null),
    () => Object.create({ price: 1 }),
    () => Array(5),
    () => Object('text'),
    () => '[object Object]',
    () => '\ud83d',
    () => undefined,
  )
  .map(make => make());

const anyValue = fc.oneof(
  { weight: 2, arbitrary: hostile },
  { weight: 1, arbitrary: fc.dictionary(anyKey, fc.oneof(hostile, json(anyKey)), { maxKeys: 5 }) },
  { weight: 1, arbitrary: json(anyKey) },
  {
    weight: 1,
    arbitrary: fc.anything({
      key: anyKey,
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withNullPrototype: true,
      withObjectString: true,
      withSparseArray: true,
      withTypedArray: true,
    }),
  },
);

/** A payload with the shape of a site event, and anything in it. */
const nearly = fc.record(
  {
    page: fc.oneof(anyValue, fc.record({ location: anyValue })),
    product: fc.oneof(
      anyValue,
      fc.record({ productId: anyValue, price: anyValue, isInStock: anyValue, x: anyValue }),
    ),
    category: fc.oneof(anyValue, fc.record({ productCategoryId: anyValue })),
    products: fc.oneof(
      anyValue,
      fc.array(fc.oneof(anyValue, fc.record({ productId: anyValue, quantity: anyValue, price: anyValue })), {
        maxLength: 3,
      }),
    ),
    currencyCode: anyValue,
    recycleStateId: anyValue,
    recomVariantId: anyValue,
    search: anyValue,
    isFound: anyValue,
  },
  { requiredKeys: [] },
);

const anyEvent = fc.oneof(
  fc.constantFrom(...EVENTS),
  fc.constantFrom('constructor', '__proto__', '*'),
  eventKey,
);

describe('toParams()', () => {
  it('never throws, whatever the payload', () => {
    fc.assert(
      fc.property(anyEvent, fc.oneof(anyValue, nearly), (event, payload) => {
        const { params, faults } = toParams(event, payload);
        for (const { name } of params) expect(name).toEqual(expect.any(String));
        for (const { reason, required } of faults) {
          expect(reason).toMatch(/^.*: /s);
          expect(required).toEqual(expect.any(Boolean));
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('makes nothing but JSON data, and each name once', () => {
    const payload = fc.dictionary(plainKey, json(fc.string({ maxLength: 8 })), { maxKeys: 6 });
    fc.assert(
      fc.property(anyEvent, payload, (event, data) => {
        const { params } = toParams(event, data);
        expect(params).toEqual(JSON.parse(JSON.stringify(params)));
        expect(params.every(({ value }) => value !== undefined && value !== null)).toBe(true);
        expect(new Set(params.map(({ name }) => name)).size).toBe(params.length);
      }),
      { numRuns: 300 },
    );
  });

  it('passes the entries of a custom event as they are, apart from null', () => {
    const name = plainKey.filter(key => key !== '').map(key => `x-${key}`);
    fc.assert(
      fc.property(eventKey, fc.dictionary(name, json(plainKey), { maxKeys: 6 }), (event, data) => {
        const { params, faults } = toParams(event, data);
        expect(faults).toEqual([]);
        expect(params).toEqual(
          Object.entries(JSON.parse(JSON.stringify(data)))
            .filter(([, value]) => value !== null)
            .map(([key, value]) => ({ name: key, value })),
        );
      }),
    );
  });

  it.each([
    ['custom', { price: Number.NaN }],
    ['custom', { list: [{ price: Number.POSITIVE_INFINITY }] }],
    ['productViewed', { product: { productId: 'a', price: Number.NaN } }],
    ['productViewed', { product: { productId: 'a', price: Number.POSITIVE_INFINITY } }],
    ['searchRequest', { search: 'mug', further: Number.NEGATIVE_INFINITY }],
    ['cartUpdated', { products: [{ productId: 'a', price: 1, quantity: Number.NaN }], recycleStateId: 'x' }],
  ])('refuses numbers that JSON cannot say: %s %o', (event, payload) => {
    const { params, faults } = toParams(event, payload);
    expect(params).toEqual([]);
    expect(faults).toEqual([{ reason: expect.stringContaining('cannot be sent as JSON'), required: true }]);
  });

  it.each([['text'], [7], [true], [[]], [['a', 'b']], [() => 1], [new Map()], [Symbol('x')]])(
    'refuses a payload that is no object: %o',
    payload => {
      expect(toParams('custom', payload)).toEqual({
        params: [],
        faults: [{ reason: expect.stringMatching(/^payload: /), required: true }],
      });
    },
  );

  it('copies the payload at the call: what the shop changes later changes nothing', () => {
    const payload = { items: [{ name: 'mug', tags: ['new'] }], note: { text: 'x' } };
    const { params } = toParams('custom', payload);
    payload.items[0]!.tags.push('old');
    payload.items.length = 0;
    payload.note.text = 'y';
    expect(params).toEqual([
      { name: 'items', value: [{ name: 'mug', tags: ['new'] }] },
      { name: 'note', value: { text: 'x' } },
    ]);
  });

  it('leaves the payload itself as it was', () => {
    const payload = Object.freeze({ product: Object.freeze({ price: '5', productId: 7, color: 'green' }) });
    toParams('productViewed', payload);
    expect(payload).toEqual({ product: { price: '5', productId: 7, color: 'green' } });
  });

  it('fills in defaults where the payload has nothing, never over what it has', () => {
    const defaults = { page: { location: 'https://shop.example/' }, recycleStateId: 'tag' };
    const page = (location: string) => [{ name: 'page', value: JSON.stringify({ location }) }];
    expect(toParams('pageViewed', undefined, defaults).params).toEqual(page('https://shop.example/'));
    expect(toParams('pageViewed', null, defaults).params).toEqual(page('https://shop.example/'));
    expect(toParams('pageViewed', { page: null }, defaults).params).toEqual(page('https://shop.example/'));
    expect(toParams('pageViewed', { page: { location: 'app://x' } }, defaults).params).toEqual(
      page('app://x'),
    );
    expect(toParams('cartUpdated', { products: [], recycleStateId: 'shop' }, defaults).params).toEqual([
      { name: 'products', value: '[]' },
      { name: 'recycleStateId', value: 'shop' },
    ]);
    expect(toParams('cartUpdated', { products: [] }, defaults).params.at(-1)!.value).toBe('tag');
    expect(toParams('custom', {}, defaults).params).toEqual([]);
  });
});

describe('a correct site event', () => {
  const amount = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true });
  const ownName = plainKey.map(key => `p${key}`);
  const own = fc.dictionary(ownName, fc.array(text({ maxLength: 10 }), { maxLength: 3 }), { maxKeys: 3 });
  const optional = <Shape extends object>(shape: { [Key in keyof Shape]: fc.Arbitrary<Shape[Key]> }) =>
    fc.record(shape, { requiredKeys: [] });
  const flag = fc.constantFrom(0, 1);
  const currency = optional({
    currencyCode: fc.stringMatching(/^[A-Z]{3}$/),
  });
  const product = fc
    .tuple(fc.record({ productId: words, price: amount }), optional({ isInStock: flag }), own)
    .map(parts => Object.assign({}, ...parts));
  const line = fc
    .tuple(
      fc.record({ productId: words, quantity: amount, price: amount }),
      optional({ name: words, category: words, discount: words }),
      own,
    )
    .map(parts => Object.assign({}, ...parts));
  const variant = fc.tuple(fc.nat(), fc.nat()).map(([recom, number]) => `r${recom}v${number}`);

  /** Each event with its payloads, the order of its params in seed 000, and which of them are JSON text. */
  const cases: [string, fc.Arbitrary<object>, string[], string?][] = [
    ['pageViewed', fc.record({ page: fc.record({ location: words }) }), ['page'], 'page'],
    [
      'productViewed',
      fc.tuple(currency, fc.record({ product })).map(parts => Object.assign({}, ...parts)),
      ['product', 'currencyCode'],
      'product',
    ],
    [
      'productCategoryViewed',
      fc.record({ category: fc.record({ productCategoryId: words }) }),
      ['category'],
      'category',
    ],
    [
      'cartUpdated',
      fc
        .tuple(
          fc.record({ recycleStateId: words }),
          currency,
          fc.record({ products: fc.array(line, { maxLength: 4 }) }),
        )
        .map(parts => Object.assign({}, ...parts)),
      ['products', 'currencyCode', 'recycleStateId'],
      'products',
    ],
    [
      'productImpressions',
      fc.record({
        products: fc.array(fc.record({ productId: words }), { maxLength: 4 }),
        recomVariantId: variant,
      }),
      ['recomVariantId', 'products'],
      'products',
    ],
    [
      'productAddedToWishlist',
      fc.tuple(currency, fc.record({ product })).map(parts => Object.assign({}, ...parts)),
      ['product', 'currencyCode'],
      'product',
    ],
    [
      'searchRequest',
      fc
        .tuple(optional({ isFound: flag }), fc.record({ search: words }))
        .map(parts => Object.assign({}, ...parts)),
      ['search', 'isFound'],
    ],
  ];

  it.each(cases)(
    '%s gets its params in the order of the documents, and its JSON text says what the shop said',
    (event, payloads, order, jsonText) => {
      fc.assert(
        fc.property(payloads, payload => {
          const { params, faults } = toParams(event, payload);
          expect(faults).toEqual([]);
          expect(params.map(({ name }) => name)).toEqual(order.filter(name => name in payload));
          for (const { name, value } of params) {
            const said = (payload as Record<string, unknown>)[name];
            if (name !== jsonText) expect(value).toBe(said);
            else {
              expect(value).toEqual(expect.any(String));
              expect(JSON.parse(value as string)).toEqual(said);
            }
          }
        }),
      );
    },
  );

  it('has the known fields first inside its JSON text, whatever the order of the call', () => {
    fc.assert(
      fc.property(line, shopLine => {
        const reversed = Object.fromEntries(Object.entries(shopLine).reverse());
        const { params } = toParams('cartUpdated', { recycleStateId: 'x', products: [reversed] });
        const known = ['productId', 'quantity', 'price', 'name', 'category', 'discount'];
        const sent = Object.keys(JSON.parse(params[0]!.value as string)[0]);
        const first = known.filter(name => name in shopLine);
        expect(sent.slice(0, first.length)).toEqual(first);
        expect(sent.length).toBe(Object.keys(shopLine).length);
      }),
    );
  });

  it('keeps a product’s own property by any name that objects inherit', () => {
    const product = { productId: 'a', price: 1, constructor: 'x', hasOwnProperty: ['y'], valueOf: 'z' };
    const { params, faults } = toParams('productViewed', { product });
    expect(faults).toEqual([]);
    expect(params[0]!.value).toBe(
      '{"productId":"a","price":1,"constructor":["x"],"hasOwnProperty":["y"],"valueOf":["z"]}',
    );
  });
});

describe('a fault', () => {
  const product = { productId: 'a', price: 1 };
  const line = { productId: 'a', quantity: 2, price: 1 };
  const cart = (further: object) => ({ products: [line, { ...line, ...further }], recycleStateId: 'x' });

  it.each([
    ['pageViewed', {}, 'page'],
    ['pageViewed', { page: { location: ' ' } }, 'page.location'],
    ['productViewed', { product: { price: 1 } }, 'product.productId'],
    ['productViewed', { product: { productId: 'a' } }, 'product.price'],
    ['productViewed', { product: { productId: 'a', price: {} } }, 'product.price'],
    ['productViewed', { product: 'a' }, 'product'],
    ['productViewed', {}, 'product'],
    ['productAddedToWishlist', { product: { productId: 'a', price: -1 } }, 'product.price'],
    ['productCategoryViewed', { category: {} }, 'category.productCategoryId'],
    ['productCategoryViewed', { category: 'Mugs' }, 'category'],
    ['cartUpdated', { recycleStateId: 'x' }, 'products'],
    ['cartUpdated', { products: 'text', recycleStateId: 'x' }, 'products'],
    ['cartUpdated', { products: [] }, 'recycleStateId'],
    ['cartUpdated', cart({ productId: '' }), 'products[1].productId'],
    ['cartUpdated', cart({ quantity: null }), 'products[1].quantity'],
    ['cartUpdated', cart({ price: 'free' }), 'products[1].price'],
    ['cartUpdated', { products: [line, 5], recycleStateId: 'x' }, 'products[1]'],
    ['productImpressions', { products: [] }, 'recomVariantId'],
    ['productImpressions', { recomVariantId: 'r1v2', products: [{}] }, 'products[0].productId'],
    ['searchRequest', { isFound: 1 }, 'search'],
  ])('in what %s needs costs the event: %j', (event, payload, field) => {
    const { faults } = toParams(event, payload);
    const told = faults.filter(({ required }) => required).map(({ reason }) => reason.split(':')[0]);
    expect(told).toEqual([field]);
    expect(faults).toHaveLength(1);
  });

  const asText = JSON.stringify;
  it.each([
    ['productViewed', { product, currencyCode: 'HR' }, 'currencyCode', { product: asText(product) }],
    ['productViewed', { product, currencyCode: 840 }, 'currencyCode', { product: asText(product) }],
    [
      'productViewed',
      { product: { ...product, isInStock: 2 }, currencyCode: 'USD' },
      'product.isInStock',
      { product: asText(product), currencyCode: 'USD' },
    ],
    [
      'productViewed',
      { product: { ...product, size: { eu: 42 }, color: ['green'] } },
      'product.size',
      { product: asText({ ...product, color: ['green'] }) },
    ],
    [
      'productViewed',
      { product: { ...product, tags: ['a', null] } },
      'product.tags',
      { product: asText(product) },
    ],
    ['productAddedToWishlist', { product, currencyCode: '' }, 'currencyCode', { product: asText(product) }],
    [
      'cartUpdated',
      cart({ name: [], discount: '10 %' }),
      'products[1].name',
      { products: asText([line, { ...line, discount: '10 %' }]), recycleStateId: 'x' },
    ],
    [
      'cartUpdated',
      cart({ category: false }),
      'products[1].category',
      { products: asText([line, line]), recycleStateId: 'x' },
    ],
    ['searchRequest', { search: 'mug', isFound: 12 }, 'isFound', { search: 'mug' }],
    ['searchRequest', { search: 'mug', email: 'a@example.com' }, 'email', { search: 'mug' }],
    ['searchRequest', { search: 'mug', shoptrailEventId: 'x' }, 'shoptrailEventId', { search: 'mug' }],
    ['searchRequest', { search: 'mug', ['n'.repeat(101)]: 'x' }, 'payload', { search: 'mug' }],
    ['custom', { PHONE: '1', colour: 'green' }, 'PHONE', { colour: 'green' }],
  ])('elsewhere in %s costs only the field: %j', (event, payload, field, left) => {
    const { params, faults } = toParams(event, payload);
    expect(faults).toEqual([{ reason: expect.stringMatching(/^[^:]+: expected /), required: false }]);
    expect(faults[0]!.reason.split(':')[0]).toBe(field);
    expect(Object.fromEntries(params.map(({ name, value }) => [name, value]))).toEqual(left);
  });

  it('is told for each faulty field, so that a developer sees them all at once', () => {
    const { faults } = toParams('productViewed', { product: { isInStock: 5 }, currencyCode: 'x' });
    expect(faults.map(({ reason, required }) => [reason.split(':')[0], required])).toEqual([
      ['product.productId', true],
      ['product.price', true],
      ['product.isInStock', false],
      ['currencyCode', false],
    ]);
  });

  it('never quotes what stood there: it may be personal', () => {
    const marker = 'Jane-4711';
    const leaf = fc.constantFrom<unknown>(marker, [marker], [[marker]], { x: marker }, null, {}, []);
    const unsayable = fc.constantFrom<unknown>(
      Symbol(marker),
      Object.assign(() => 1, { x: marker }),
      new Map([[marker, marker]]),
      Error(marker),
      { toJSON: () => throwIt(marker) },
      { x: marker, y: 1n },
      [marker, Number.NaN],
    );
    const shape = fc.record(
      {
        page: fc.oneof(leaf, fc.record({ location: leaf })),
        product: fc.oneof(leaf, fc.record({ productId: leaf, price: leaf, isInStock: leaf, size: leaf })),
        category: fc.oneof(leaf, fc.record({ productCategoryId: leaf })),
        products: fc.oneof(leaf, fc.array(fc.record({ productId: leaf, quantity: leaf, name: leaf }))),
        currencyCode: leaf,
        recycleStateId: leaf,
        recomVariantId: leaf,
        isFound: leaf,
        email: leaf,
        shoptrailEventId: leaf,
        ['n'.repeat(101)]: leaf,
      },
      { requiredKeys: [] },
    );
    const payloads = fc.oneof(shape, leaf, unsayable, fc.record({ search: leaf, further: unsayable }));
    const fields = new Set<string>();
    fc.assert(
      fc.property(fc.constantFrom(...EVENTS, 'custom'), payloads, (event, payload) => {
        const { faults } = toParams(event, payload);
        for (const { reason } of faults) {
          fields.add(reason.split(':')[0]!);
          expect(reason).not.toContain(marker);
        }
      }),
      { numRuns: 1000 },
    );
    // Faults of every kind have been seen, so that the look at their words means something.
    expect([...fields]).toEqual(
      expect.arrayContaining(['payload', 'further', 'product', 'product.price', 'currencyCode', 'email']),
    );
  });
});

const throwIt = (message: string) => {
  throw Error(message);
};

describe('a payload at the edge of the language', () => {
  it.each([
    ['custom', { toString: 'x' }, { toString: 'x' }],
    [
      'productViewed',
      { product: { productId: 'a', price: 1, toString: 'x' } },
      { product: '{"productId":"a","price":1,"toString":["x"]}' },
    ],
  ])('may have a field named toString: %s', (event, payload, left) => {
    const { params, faults } = toParams(event, payload);
    expect(faults).toEqual([]);
    expect(Object.fromEntries(params.map(({ name, value }) => [name, value]))).toEqual(left);
  });

  // absent, as null is. The look-up in the defaults finds what every object inherits: a function, or {}.
  it.each(['constructor', 'valueOf', 'hasOwnProperty', '__proto__'])('has no %s when that is null', name => {
    expect(toParams('custom', JSON.parse(`{"${name}": null}`)).params).toEqual([]);
  });

  it.each([[[{ productId: 'a' }]], ['[object Object]'], [['[object Object]']]])(
    'is refused when it is no object but reads like one: %j',
    payload => {
      expect(toParams('custom', payload)).toEqual({
        params: [],
        faults: [{ reason: 'payload: expected an object', required: true }],
      });
    },
  );

  it.each([
    ['a proxy that was revoked', revoked()],
    ['a proxy whose every trap throws', new Proxy({}, { get: throws, has: throws, ownKeys: throws })],
    ['a list behind such a proxy', new Proxy([], { get: throws, has: throws, ownKeys: throws })],
  ])('is refused at every level when it is %s', (_, value) => {
    for (const payload of [
      value,
      { x: value },
      { product: value, products: value },
      { product: { productId: 'a', price: value }, products: [value] },
    ]) {
      for (const event of ['custom', 'productViewed', 'cartUpdated']) {
        expect(toParams(event, payload)).toEqual({
          params: [],
          faults: [{ reason: expect.stringMatching(/cannot be read as JSON/), required: true }],
        });
      }
    }
  });

  // refused; JSON.stringify turns the Infinity that is read from the text into null.
  it.each(['1e400', '9'.repeat(400)])('has no price beyond all numbers: %.6s', price => {
    const { faults } = toParams('productViewed', { product: { productId: 'a', price } });
    expect(faults).toEqual([{ reason: expect.stringMatching(/^product\.price: /), required: true }]);
  });
});
