import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ConsentMode } from './consent';
import { noticePage } from './pages/notice';
import { relayBodyLimit, relayProxy } from './proxy';
import { accountRoutes } from './routes/account';
import { assetRoutes } from './routes/assets';
import { browseRoutes } from './routes/browse';
import { cartRoutes } from './routes/cart';
import { checkoutRoutes } from './routes/checkout';
import { consentRoutes } from './routes/consent';
import { newsletterRoutes } from './routes/newsletter';
import { wishlistRoutes } from './routes/wishlist';
import { isFromThisShop, securityHeaders } from './security';
import { createSessions } from './session';
import { ENDPOINT } from './shoptrail';
import type { ShopEnv } from './visit';

/** Options of {@link createApp}. */
export interface AppOptions {
  /** Where the relay listens, e.g. `http://127.0.0.1:8081`. */
  relayUrl: string;
  /** Where the sandbox listens; without it the footer has no link to the history. */
  sandboxUrl?: string;
  /** `banner`: the tag starts only when the visitor has said yes. `off`: it starts at once. Default `banner`. */
  consent?: ConsentMode;
  /** Address of the visitor, told to the relay; undefined where there is no socket. */
  remoteAddress?: (c: Context) => string | undefined;
}

/** The whole storefront as a fetch-style app: `createApp({relayUrl}).request('/cart')` answers a page. */
export function createApp({
  relayUrl,
  sandboxUrl,
  consent = 'banner',
  remoteAddress,
}: AppOptions): Hono<ShopEnv> {
  const app = new Hono<ShopEnv>();
  const sessions = createSessions();

  app.all(`${ENDPOINT}/*`, relayBodyLimit, relayProxy({ relayUrl, remoteAddress }));

  app.use(securityHeaders);
  app.use(async (c, next) => {
    c.set('sessions', sessions);
    c.set('consentMode', consent);
    c.set('historyUrl', sandboxUrl && `${sandboxUrl}/history`);
    await next();
    // Pages show cart and customer. Kept by the browser, an old one would come back with an old cart.
    if (!c.res.headers.has('cache-control')) c.header('Cache-Control', 'no-store');
  });
  app.use(async (c, next) => {
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD' && !isFromThisShop(c))
      return noticePage(
        c,
        403,
        'That form came from another site',
        'Go back to the shop and send it from there.',
      );
    return next();
  });
  app.use(bodyLimit({ maxSize: 20_000 }));

  app.route('/', assetRoutes);
  app.route('/', browseRoutes);
  app.route('/', cartRoutes);
  app.route('/', wishlistRoutes);
  app.route('/', accountRoutes);
  app.route('/', checkoutRoutes);
  app.route('/', newsletterRoutes);
  if (consent === 'banner') app.route('/', consentRoutes);

  app.notFound(c =>
    noticePage(c, 404, 'Nothing on this shelf', 'The page you asked for does not exist, or no longer does.'),
  );
  app.onError((error, c) => {
    console.error('storefront:', error);
    return noticePage(c, 500, 'Something broke', 'It was us, not you. Try again in a moment.');
  });
  return app;
}
