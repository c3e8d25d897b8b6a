import { createViewer } from './impressions';

/** Takes an activity that was seen on the page, in the words of `track()`. */
export type Found = (event: string, payload: unknown) => void;

const PREFIX = 'data-shoptrail-';
const marked = (mark: string) => `[${PREFIX}${mark}]`;
const attribute = (element: Element, mark: string) => element.getAttribute(PREFIX + mark);

/** JSON as it stands in an attribute; what cannot be read is passed on as text, so that it is refused with a reason. */
const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** What each mark says. The currency may stand on the element or on any around it. */
const readers: Record<
  string,
  (text: string, element: Element, currencyCode?: string | null) => Parameters<Found>
> = {
  product: (text, _, currencyCode) => ['productViewed', { product: json(text), currencyCode }],
  category: text => ['productCategoryViewed', { category: { productCategoryId: text } }],
  search: (text, element) => [
    'searchRequest',
    { search: text, isFound: +(+attribute(element, 'found')! > 0) },
  ],
  cart: (text, _, currencyCode) => ['cartUpdated', { products: json(text), currencyCode }],
  wishlist: (text, _, currencyCode) => ['productAddedToWishlist', { product: json(text), currencyCode }],
  impressions: (text, block) => [
    'productImpressions',
    {
      recomVariantId: text,
      products: [...block.querySelectorAll(marked('item'))].map(item => ({
        productId: attribute(item, 'item'),
      })),
    },
  ],
};

/** What is told once in a page view: a product by its id, whatever becomes of its price; anything else by its text. */
const wordsOf = (text: string): string => (json(text) as { productId?: string } | null)?.productId ?? text;

/** The marks that are read when they appear or change, in the order in which they are told. */
const SHOWN = ['impressions', 'product', 'category', 'search', 'cart'];

/**
 * Reads what a shop has marked with `data-shoptrail-*` attributes: products, categories, searches and carts when they
 * appear or change, wish list buttons when they are pressed, recommendation blocks when they have been seen.
 */
export const watchAttributes = (found: Found) => {
  /** What was last told of each element; kept over soft navigations, which leave elements of the page before. */
  let told = new WeakMap<Element, string>();
  /** What was told in this page view: each variant of a product once. */
  let views: Record<string, unknown> = {};
  let scheduled = false;

  const tell = (element: Element, mark: string) => {
    const currency = element.closest(marked('currency'));
    found(...readers[mark]!(attribute(element, mark)!, element, currency && attribute(currency, 'currency')));
  };

  const viewer = createViewer(block => tell(block, 'impressions'));

  const scan = () => {
    scheduled = false;
    // One walk through the page for all of them.
    const elements = document.querySelectorAll(SHOWN.map(marked).join());
    for (const mark of SHOWN) {
      for (const element of elements) {
        const text = attribute(element, mark);
        if (text === null) continue;
        if (mark === 'impressions') {
          viewer.watch(element);
          continue;
        }
        const words = mark + wordsOf(text);
        if (told.get(element) === words) continue;
        told.set(element, words);
        if (views[words] && mark !== 'cart') continue;
        views[words] = 1;
        tell(element, mark);
      }
    }
  };

  const later = () => {
    if (!scheduled) setTimeout(scan, 50);
    scheduled = true;
  };

  new MutationObserver(later).observe(document, {
    subtree: true,
    childList: true,
    attributeFilter: Object.keys(readers).map(mark => PREFIX + mark),
  });
  addEventListener(
    'click',
    ({ target }) => {
      const button = (target as Element).closest?.(marked('wishlist'));
      if (button) tell(button, 'wishlist');
    },
    true,
  );

  /** What the page has at first is read at once, with its view; what comes after a navigation is not there yet. */
  let read = scan;

  /** Another page view begins. A page that came back is told anew; after a soft navigation only what is new on it. */
  return (restored: boolean): void => {
    viewer.reset();
    views = {};
    if (restored) told = new WeakMap();
    read();
    read = later;
  };
};
