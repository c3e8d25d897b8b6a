import { Hono } from 'hono';
import { readCustomer } from '../customer';
import { localPath, readFields } from '../fields';
import { accountPage, signInPage } from '../pages/account';
import { emptySession } from '../session';
import { keepSession, readSession, renewSession, type ShopEnv } from '../visit';

/** Signing in and out, and the account page. */
export const accountRoutes = new Hono<ShopEnv>()
  .get('/sign-in', c =>
    readSession(c).customer
      ? c.redirect('/account', 303)
      : signInPage(c, localPath(c.req.query('next'), '/account')),
  )
  .post('/sign-in', async c => {
    const fields = readFields(await c.req.parseBody());
    const next = localPath(fields.next, '/account');
    const read = readCustomer(fields);
    if ('problems' in read) return signInPage(c, next, fields, read.problems);
    const session = renewSession(c, keepSession(c));
    session.customer = read.customer;
    session.notice = 'You are signed in.';
    return c.redirect(next, 303);
  })
  .get('/account', c => {
    const { customer } = readSession(c);
    return customer ? accountPage(c, customer) : c.redirect('/sign-in', 303);
  })
  .post('/sign-out', c => {
    // Cart and wishlist go too: the next person at this browser is a stranger to them.
    renewSession(c, { ...emptySession(), signedOut: true, notice: 'You are signed out.' });
    return c.redirect('/', 303);
  });
