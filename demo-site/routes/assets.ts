import { Hono } from 'hono';
import { favicon, itemPicture, shelfPicture } from '../art/picture';
import { script } from '../assets/script';
import { styles } from '../assets/styles';
import { findItem } from '../catalogue';
import type { ShopEnv } from '../visit';

const svg = { 'Content-Type': 'image/svg+xml; charset=utf-8', 'Cache-Control': 'public, max-age=3600' };

/** Style, script and pictures. */
export const assetRoutes = new Hono<ShopEnv>()
  .get('/assets/shop.css', c =>
    c.body(styles, 200, { 'Content-Type': 'text/css; charset=utf-8', 'Cache-Control': 'public, no-cache' }),
  )
  .get('/assets/shop.js', c =>
    c.body(script, 200, {
      'Content-Type': 'text/javascript; charset=utf-8',
      'Cache-Control': 'public, no-cache',
    }),
  )
  .get('/favicon.svg', c => c.body(favicon, 200, svg))
  .get('/favicon.ico', c => c.redirect('/favicon.svg'))
  .get('/img/shelf.svg', c => c.body(shelfPicture(), 200, svg))
  .get('/img/:file{.+\\.svg}', c => {
    const item = findItem(c.req.param('file').slice(0, -'.svg'.length));
    return item ? c.body(itemPicture(item), 200, svg) : c.notFound();
  })
  .get('/robots.txt', c => c.text('User-agent: *\nDisallow: /\n'));
