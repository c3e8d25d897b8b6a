// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { watchAttributes } from '../../../src/tag/capture/attributes';

/** Without layout nothing is ever visible: impressions are tested in browsers. */
const watch = () => {
  const found: [event: string, payload: unknown][] = [];
  const viewed = watchAttributes((event, payload) => {
    found.push([event, payload]);
  });
  viewed(false);
  return { found, viewed };
};

let searches = 0;
/** Waits until the page was read again, by something that is certain to be told. Answers what was told before it. */
const settled = async (found: [string, unknown][]) => {
  const search = `settled ${searches++}`;
  const marker = document.createElement('i');
  marker.setAttribute('data-shoptrail-search', search);
  document.body.append(marker);
  const isMarker = ([, payload]: [string, unknown]) => (payload as { search?: string }).search === search;
  await vi.waitFor(() => expect(found.some(isMarker)).toBe(true), { interval: 5 });
  marker.remove();
  return found.splice(0).filter(told => !isMarker(told));
};

const put = (html: string) => {
  document.body.innerHTML = html;
  return document.body.firstElementChild!;
};

const green = { productId: 'WS01-L-Green', price: 45.5, isInStock: 1, color: ['green'] };
const red = { ...green, productId: 'WS01-L-Red', color: ['red'] };
const marked = (mark: string, value: unknown, rest = '') =>
  `<div data-shoptrail-${mark}='${typeof value === 'string' ? value : JSON.stringify(value)}' ${rest}></div>`;

beforeEach(() => {
  document.documentElement.removeAttribute('data-shoptrail-currency');
  document.body.innerHTML = '';
});

describe('a mark on the page', () => {
  it.each([
    ['a product', marked('product', green), ['productViewed', { product: green, currencyCode: null }]],
    [
      'a product with its currency',
      marked('product', green, 'data-shoptrail-currency="USD"'),
      ['productViewed', { product: green, currencyCode: 'USD' }],
    ],
    [
      'a product with a currency around it',
      `<main data-shoptrail-currency="EUR"><div>${marked('product', green)}</div></main>`,
      ['productViewed', { product: green, currencyCode: 'EUR' }],
    ],
    [
      'a product with a nearer and a farther currency',
      `<main data-shoptrail-currency="EUR"><div data-shoptrail-currency="UAH">${marked('product', green)}</div></main>`,
      ['productViewed', { product: green, currencyCode: 'UAH' }],
    ],
    [
      'a category',
      marked('category', 'Mugs & more'),
      ['productCategoryViewed', { category: { productCategoryId: 'Mugs & more' } }],
    ],
    [
      'a category that looks like JSON',
      marked('category', '[17]'),
      ['productCategoryViewed', { category: { productCategoryId: '[17]' } }],
    ],
    [
      'a search with results',
      marked('search', 'mug', 'data-shoptrail-found="12"'),
      ['searchRequest', { search: 'mug', isFound: 1 }],
    ],
    [
      'a search with one result',
      marked('search', 'mug', 'data-shoptrail-found="1"'),
      ['searchRequest', { search: 'mug', isFound: 1 }],
    ],
    [
      'a search without results',
      marked('search', 'mug', 'data-shoptrail-found="0"'),
      ['searchRequest', { search: 'mug', isFound: 0 }],
    ],
    [
      'a cart with the currency of the page',
      `<header data-shoptrail-currency="USD">${marked('cart', [{ productId: 'a', quantity: 1, price: 2 }])}</header>`,
      ['cartUpdated', { products: [{ productId: 'a', quantity: 1, price: 2 }], currencyCode: 'USD' }],
    ],
    ['an empty cart', marked('cart', []), ['cartUpdated', { products: [], currencyCode: null }]],
    [
      'what is no JSON, as text, so that it is refused with a reason',
      marked('product', '{productId: 1}'),
      ['productViewed', { product: '{productId: 1}', currencyCode: null }],
    ],
  ])('is told once in the words of track(): %s', async (_, html, event) => {
    put(html);
    const { found } = watch();
    expect(await settled(found)).toEqual([event]);
    expect(await settled(found)).toEqual([]);
  });

  it('is told when it appears later, and when a script puts it on an element that is there', async () => {
    const { found } = watch();
    expect(await settled(found)).toEqual([]);
    const element = put('<div></div>');
    expect(await settled(found)).toEqual([]);
    element.setAttribute('data-shoptrail-category', 'Mugs');
    expect(await settled(found)).toEqual([
      ['productCategoryViewed', { category: { productCategoryId: 'Mugs' } }],
    ]);
  });

  it('is told by its change alone, without any other change on the page', async () => {
    const element = put(marked('category', 'Mugs'));
    const { found } = watch();
    await vi.waitFor(() => expect(found).toHaveLength(1), { interval: 5 });
    element.setAttribute('data-shoptrail-cart', '[]');
    await vi.waitFor(() => expect(found[1]).toEqual(['cartUpdated', { products: [], currencyCode: null }]));
  });

  it('tells all that is on a page', async () => {
    put(`<main>${marked('product', green)}${marked('cart', [])}${marked('category', 'Mugs')}</main>`);
    const { found } = watch();
    expect((await settled(found)).map(([event]) => event).sort()).toEqual([
      'cartUpdated',
      'productCategoryViewed',
      'productViewed',
    ]);
  });

  it('of a product is told for another variant, and each variant once in a page view', async () => {
    const element = put(marked('product', green));
    const { found } = watch();
    await settled(found);
    element.setAttribute('data-shoptrail-product', JSON.stringify(red));
    expect(await settled(found)).toEqual([['productViewed', { product: red, currencyCode: null }]]);
    element.setAttribute('data-shoptrail-product', JSON.stringify(green));
    expect(await settled(found)).toEqual([]);
    element.replaceWith(element.cloneNode());
    expect(await settled(found)).toEqual([]);
  });

  it('of a cart is told at each change, back to what it was included', async () => {
    const element = put(marked('cart', []));
    const { found } = watch();
    await settled(found);
    for (const products of [[{ productId: 'a', quantity: 1, price: 2 }], [], [{ productId: 'b' }], []]) {
      element.setAttribute('data-shoptrail-cart', JSON.stringify(products));
      expect(await settled(found)).toEqual([['cartUpdated', { products, currencyCode: null }]]);
    }
  });

  it('that stayed over a soft navigation is not told again, what is new on the page is', async () => {
    put(`<main>${marked('product', green)}<p></p></main>`);
    const { found, viewed } = watch();
    await settled(found);
    viewed(false);
    expect(await settled(found)).toEqual([]);
    document.querySelector('p')!.outerHTML = marked('product', red);
    expect(await settled(found)).toEqual([['productViewed', { product: red, currencyCode: null }]]);
    // The same product on a page view of its own is another view, however often the element is made anew in it.
    viewed(false);
    document.querySelector('main')!.innerHTML = marked('product', red);
    expect(await settled(found)).toEqual([['productViewed', { product: red, currencyCode: null }]]);
    document.querySelector('main')!.innerHTML = marked('product', red);
    expect(await settled(found)).toEqual([]);
  });

  it('is told again when the page comes back by the back button', async () => {
    put(marked('product', green));
    const { found, viewed } = watch();
    await settled(found);
    viewed(true);
    expect(await settled(found)).toEqual([['productViewed', { product: green, currencyCode: null }]]);
  });

  // no second view; a variant is told once (DESIGN section 5), and only its price has changed.
  it('of a product is not told again when only its price changes', async () => {
    const element = put(marked('product', green));
    const { found } = watch();
    await settled(found);
    element.setAttribute('data-shoptrail-product', JSON.stringify({ ...green, price: 40 }));
    expect(await settled(found)).toEqual([]);
  });
});

describe('a wish list button', () => {
  const button = `<main data-shoptrail-currency="USD"><button data-shoptrail-wishlist='${JSON.stringify(green)}'><i><b></b></i></button><a></a></main>`;
  const told = ['productAddedToWishlist', { product: green, currencyCode: 'USD' }];

  it('is told at each press, on anything inside it too, and not before', async () => {
    put(button);
    const { found } = watch();
    expect(await settled(found)).toEqual([]);
    document.querySelector('button')!.click();
    expect(found).toEqual([told]);
    document.querySelector('b')!.click();
    expect(found).toEqual([told, told]);
  });

  it('is told although the shop’s own script stops the click, which goes on untouched', () => {
    put(button);
    const { found } = watch();
    let isPrevented: boolean | undefined;
    document.querySelector('button')!.addEventListener('click', event => {
      isPrevented = event.defaultPrevented;
      event.stopImmediatePropagation();
    });
    document.querySelector('b')!.click();
    expect(found).toEqual([told]);
    expect(isPrevented).toBe(false);
  });

  it('is none where a click hits something else, or no element at all', () => {
    put(button);
    const { found } = watch();
    document.querySelector('a')!.click();
    document.dispatchEvent(new MouseEvent('click', { bubbles: true }));
    expect(found).toEqual([]);
  });
});
