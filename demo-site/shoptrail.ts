import { html, raw } from 'hono/html';
import { type Cart, cartLines, lineCategory } from './cart';
import { type Item, itemName, itemUrl, optionsOf, pictureUrl } from './catalogue';
import { type ConsentAnswer, type ConsentMode, choices } from './consent';
import type { Customer } from './customer';
import { CURRENCY } from './money';
import type { Order } from './order';

// Everything the shop does for the tag is in this file, written as a customer would write it: the pasted
// line, the stub for early calls, the values of the data-shoptrail-* attributes, and the calls.

/** The path under which this shop serves tag and relay (see proxy.ts). The path is the shop's choice. */
export const ENDPOINT = '/x';

/** The line that every page has in its head. Where the shop asks for consent, the tag waits for {@link consentCall}. */
export function pastedLine(nonce: string, consent: ConsentMode) {
  return html`<script async src="${ENDPOINT}/shoptrail.js" data-endpoint="${ENDPOINT}"${consent === 'banner' && html` data-consent="required"`} nonce="${nonce}"></script>`;
}

/** Lets a page call shoptrail.track() and the rest before the script has arrived. On every page: its footer listens. */
export const stub =
  'window.shoptrail||(window.shoptrail={q:[]},"init track identify reset on flush consent subscribe forget".split(" ").map(m=>shoptrail[m]=(...a)=>void shoptrail.q.push([m,a,Date.now(),location.href])))';

/** JSON that is safe inside a script element: `</script>` and `<!--` need a `<`, which is escaped. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

/** A call to make early on a page, such as `call('identify', {...})`. */
export function call(method: 'track' | 'identify' | 'reset' | 'consent', ...args: unknown[]): string {
  return `shoptrail.${method}(${args.map(scriptJson).join(',')})`;
}

/** The inline script with the stub and these calls. */
export function earlyCalls(nonce: string, calls: string[]) {
  return html`<script nonce="${nonce}">${raw([stub, ...calls].join(';'))}</script>`;
}

/** The call of every page once the visitor has answered. The tag keeps no answer: it is told on each page. */
export function consentCall(answer: ConsentAnswer): string {
  return call('consent', choices[answer].consent);
}

/** What marks the newsletter form for the tag, which finds the address by its type and the name by its own mark. */
export const newsletterMarks = {
  form: raw(
    'data-shoptrail-subscribe data-shoptrail-groups="Newsletter,Glaze notes" data-shoptrail-form-type="footer"',
  ),
  firstName: raw('data-shoptrail-subscribe="firstName"'),
};

/** The shop's own properties of a variant: arrays of strings, as the platform has them. */
function properties({ product, variant }: Item): Record<string, string[]> {
  const chosen = optionsOf(product).map(({ name }) => [name, [variant.options[name]!]] as const);
  return { ...Object.fromEntries(chosen), material: [product.material] };
}

/** The value of data-shoptrail-product and data-shoptrail-wishlist. */
export function productValue(item: Item) {
  const { id, price, inStock } = item.variant;
  return { productId: id, price, isInStock: inStock ? 1 : 0, ...properties(item) };
}

/** The value of data-shoptrail-cart: every line, an empty list for an empty cart. */
export function cartValue(cart: Cart) {
  return cartLines(cart).map(line => ({
    productId: line.variant.id,
    quantity: line.quantity,
    price: line.variant.price,
    name: itemName(line),
    category: lineCategory(line),
    ...(line.variant.oldPrice && { discount: (line.variant.oldPrice - line.variant.price).toFixed(2) }),
    ...properties(line),
  }));
}

/** The call of a page that a signed-in customer looks at. */
export function identifyCall({ email, phone, externalCustomerId }: Customer): string {
  return call('identify', { email, ...(phone && { phone }), externalCustomerId });
}

/** The shop's own event for an order: no site event exists for it. Has no personal data. */
export function orderPlacedCall(order: Order, origin: string): string {
  return call('track', 'orderPlaced', {
    orderNumber: order.number,
    total: order.total,
    currency: CURRENCY,
    items: {
      array: order.lines.map(line => ({
        productId: line.variant.id,
        name: itemName(line),
        price: line.variant.price,
        quantity: line.quantity,
        url: origin + itemUrl(line),
        imageUrl: origin + pictureUrl(line.variant),
      })),
    },
  });
}
