import { Hono } from 'hono';
import { addToCart } from '../cart';
import { findItem, itemName } from '../catalogue';
import { localPath, readFields } from '../fields';
import { noticePage } from '../pages/notice';
import { wishlistPage } from '../pages/wishlist';
import { productValue } from '../shoptrail';
import { keepSession, type ShopEnv, wantsJson } from '../visit';

/** The wishlist: /wishlist, POST /wishlist (wanted=yes or no), POST /wishlist/move. */
export const wishlistRoutes = new Hono<ShopEnv>()
  .get('/wishlist', wishlistPage)
  .post('/wishlist', async c => {
    const { productId = '', wanted, back } = readFields(await c.req.parseBody());
    const item = findItem(productId);
    if (!item || (wanted !== 'yes' && wanted !== 'no')) {
      const message = 'We do not know this product.';
      return wantsJson(c) ? c.json({ message }, 422) : noticePage(c, 422, 'That did not work', message);
    }
    const session = keepSession(c);
    if (wanted === 'yes') session.wishlist.add(productId);
    else session.wishlist.delete(productId);
    const message = `${itemName(item)} is ${wanted === 'yes' ? 'on your wishlist' : 'off your wishlist'}.`;
    if (wantsJson(c))
      return c.json({ message, product: productValue(item), wishlist: { count: session.wishlist.size } });
    session.notice = message;
    return c.redirect(localPath(back, '/wishlist'), 303);
  })
  .post('/wishlist/move', async c => {
    const { productId = '' } = readFields(await c.req.parseBody());
    const item = findItem(productId);
    if (!item?.variant.inStock)
      return noticePage(c, 409, 'That did not work', 'This product is sold out or no longer here.');
    const session = keepSession(c);
    session.wishlist.delete(productId);
    addToCart(session.cart, productId, 1);
    session.notice = `${itemName(item)} is in your cart.`;
    return c.redirect('/cart', 303);
  });
