import { Hono } from 'hono';
import { cartLines } from '../cart';
import { readFields } from '../fields';
import { checkoutProblems, placeOrder } from '../order';
import { checkoutPage } from '../pages/checkout';
import { thankYouPage } from '../pages/thank-you';
import { readSession, type ShopEnv } from '../visit';

/** From a full cart to a placed order. */
export const checkoutRoutes = new Hono<ShopEnv>()
  .get('/checkout', c =>
    cartLines(readSession(c).cart).length === 0 ? c.redirect('/cart', 303) : checkoutPage(c),
  )
  .post('/checkout', async c => {
    const session = readSession(c);
    if (cartLines(session.cart).length === 0) return c.redirect('/cart', 303);
    const fields = readFields(await c.req.parseBody());
    const problems = checkoutProblems(fields);
    if (Object.keys(problems).length > 0) return checkoutPage(c, fields, problems);
    session.order = placeOrder(session.cart);
    session.orderIsNew = true;
    session.cart.clear();
    return c.redirect('/thank-you', 303);
  })
  .get('/thank-you', c => {
    const session = readSession(c);
    if (!session.order) return c.redirect('/', 303);
    const isNew = session.orderIsNew === true;
    session.orderIsNew = false;
    return thankYouPage(c, session.order, isNew);
  });
