/** The content that seed 000 requires of the seven site events. */
import type { Param } from '../protocol/types';
import { isObject } from './values';

type Check = (value: unknown) => string | undefined;

/** A text with at least one character that is not blank. Ids are strings in seed 000: a bare number is refused. */
const text: Check = value =>
  typeof value === 'string' && value.trim() !== '' ? undefined : 'must be a non-empty string';

/** "Double" and "Decimal" of seed 000; a negative price or quantity is wrong by the design. */
const amount: Check = value =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? undefined : 'must be a number from 0';

/** "Can be either 0 (not available) or 1 (available)." */
const flag: Check = value => (['0', '1'].includes(String(value)) ? undefined : 'must be 0 or 1');

/** "Currency code in the ISO 4217 format." */
const currency: Check = value =>
  typeof value === 'string' && /^[a-z]{3}$/i.test(value) ? undefined : 'must be a three-letter ISO 4217 code';

/** "The recommendation variant in the r{recomId}v{variantId} format." */
const variant: Check = value =>
  typeof value === 'string' && /^r\d+v\d+$/.test(value) ? undefined : 'must look like r12v34';

type Fields = Record<string, Check>;

/** JSON text in a string value that holds one object with these fields; a `?` marks the ones that may be left out. */
function object(fields: Fields): Check {
  return jsonText(value => {
    if (!isObject(value)) return 'must hold a JSON object';
    return checkFields(value, fields);
  });
}

/** JSON text in a string value that holds a list of objects with these fields. */
function list(fields: Fields): Check {
  return jsonText(value => {
    if (!Array.isArray(value)) return 'must hold a JSON array';
    for (const [index, item] of value.entries()) {
      const bad = isObject(item) ? checkFields(item, fields) : ' must be an object';
      if (bad) return `[${index}]${bad}`;
    }
    return undefined;
  });
}

function jsonText(check: Check): Check {
  return value => {
    if (typeof value !== 'string') return 'must be a string that holds JSON text';
    let parsed: unknown;
    try {
      parsed = JSON.parse(value);
    } catch {
      return 'must be a string that holds JSON text: it cannot be read as JSON';
    }
    return check(parsed);
  };
}

function checkFields(value: Record<string, unknown>, fields: Fields): string | undefined {
  for (const [field, check] of Object.entries(fields)) {
    const name = field.replace('?', '');
    const given = value[name] ?? undefined;
    if (given === undefined) {
      if (name === field) return `.${name} is required`;
      continue;
    }
    const bad = check(given);
    if (bad) return `.${name} ${bad}`;
  }
  return undefined;
}

const product = { productId: text, price: amount, 'isInStock?': flag };

/** The table calls the wishlist's `product` a list and the example shows one object: both are taken. */
const productOrProducts: Check = value => {
  const bad = object(product)(value);
  return bad?.includes('must hold') ? list(product)(value) : bad;
};

const SITE_EVENTS: Record<string, Fields> = {
  pageViewed: { page: object({ location: text }) },
  productViewed: { product: object(product), 'currencyCode?': currency },
  productCategoryViewed: { category: object({ productCategoryId: text }) },
  cartUpdated: {
    // "Required parameter if the cart is not empty": without it the cart is empty.
    'products?': list({ productId: text, quantity: amount, price: amount }),
    'currencyCode?': currency,
    recycleStateId: text,
  },
  productImpressions: { recomVariantId: variant, products: list({ productId: text }) },
  productAddedToWishlist: { product: productOrProducts, 'currencyCode?': currency },
  searchRequest: { search: text, 'isFound?': flag },
};

/** Why a site event lacks what seed 000 requires of it. Undefined when nothing is missing, and for custom events. */
export function checkSiteEvent(eventTypeKey: string, params: Param[]): string | undefined {
  if (!Object.hasOwn(SITE_EVENTS, eventTypeKey)) return undefined;
  for (const [field, check] of Object.entries(SITE_EVENTS[eventTypeKey]!)) {
    const name = field.replace('?', '');
    const value = params.find(param => param.name === name)?.value ?? undefined;
    if (value === undefined) {
      if (name === field) return `${eventTypeKey} needs the param ${name}`;
      continue;
    }
    const bad = check(value);
    if (bad) return `${eventTypeKey}: ${name}${/^[.[]/.test(bad) ? bad : ` ${bad}`}`;
  }
  return undefined;
}
