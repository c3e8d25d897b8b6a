import { Hono } from 'hono';
import { noticePage } from '../pages/notice';
import type { ShopEnv } from '../visit';

/** Where the newsletter form ends without a script. The shop has no list of its own, so it can only say so. */
export const newsletterRoutes = new Hono<ShopEnv>().post('/newsletter', c =>
  noticePage(
    c,
    501,
    'You are not on the list yet',
    'The newsletter form works by a script in the page, which did not run: JavaScript is off, or something blocked it. Nothing was sent and nothing was kept.',
  ),
);
