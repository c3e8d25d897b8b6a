import { Hono } from 'hono';
import { addToCart, cartCount, MAX_QUANTITY, readQuantity, setQuantity } from '../cart';
import { chooseVariant, findItem, findProduct, type Item, itemName } from '../catalogue';
import { type Fields, readFields } from '../fields';
import { cartPage } from '../pages/cart';
import { noticePage } from '../pages/notice';
import type { Session } from '../session';
import { cartValue } from '../shoptrail';
import { keepSession, readSession, type ShopContext, type ShopEnv, wantsJson } from '../visit';

/** What the page script needs to bring the header up to date. */
function headerState({ cart, wishlist }: Session) {
  return { cart: { count: cartCount(cart), value: cartValue(cart) }, wishlist: { count: wishlist.size } };
}

/** The thing that a form names, by productId or by product and options. */
function itemOf(fields: Fields): Item | undefined {
  if (fields.productId) return findItem(fields.productId);
  const product = findProduct(fields.product ?? '');
  return product && { product, variant: chooseVariant(product, fields) };
}

function refuse(c: ShopContext, status: 409 | 422, message: string) {
  return wantsJson(c) ? c.json({ message }, status) : noticePage(c, status, 'That did not work', message);
}

const quantityHint = `The quantity must be a whole number up to ${MAX_QUANTITY}.`;

/** The cart: /cart, /cart.json, and POST /cart/add, /cart/update, /cart/remove. */
export const cartRoutes = new Hono<ShopEnv>()
  .get('/cart', cartPage)
  .get('/cart.json', c => c.json(headerState(readSession(c))))
  .post('/cart/add', async c => {
    const fields = readFields(await c.req.parseBody());
    const item = itemOf(fields);
    const quantity = readQuantity(fields.quantity ?? '1');
    if (!item) return refuse(c, 422, 'We do not know this product.');
    if (!quantity) return refuse(c, 422, quantityHint);
    if (!item.variant.inStock) return refuse(c, 409, `${itemName(item)} is sold out.`);
    const session = keepSession(c);
    addToCart(session.cart, item.variant.id, quantity);
    const message = `${itemName(item)} is in your cart.`;
    if (wantsJson(c)) return c.json({ message, ...headerState(session) });
    session.notice = message;
    return c.redirect('/cart', 303);
  })
  .post('/cart/update', async c => {
    const fields = readFields(await c.req.parseBody());
    const item = itemOf(fields);
    const quantity = readQuantity(fields.quantity ?? '', 0);
    if (!item) return refuse(c, 422, 'We do not know this product.');
    if (quantity === undefined) return refuse(c, 422, quantityHint);
    const session = keepSession(c);
    setQuantity(session.cart, item.variant.id, quantity);
    session.notice =
      quantity > 0 ? `${itemName(item)}: now ${quantity}.` : `${itemName(item)} is out of the cart.`;
    return c.redirect('/cart', 303);
  })
  .post('/cart/remove', async c => {
    const item = itemOf(readFields(await c.req.parseBody()));
    if (!item) return refuse(c, 422, 'We do not know this product.');
    const session = keepSession(c);
    setQuantity(session.cart, item.variant.id, 0);
    session.notice = `${itemName(item)} is out of the cart.`;
    return c.redirect('/cart', 303);
  });
