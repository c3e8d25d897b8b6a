import { Hono } from 'hono';
import { findCategory, findProduct } from '../catalogue';
import { categoryPage } from '../pages/category';
import { homePage } from '../pages/home';
import { productPage } from '../pages/product';
import { searchPage } from '../pages/search';
import type { ShopEnv } from '../visit';

/** The pages that only show. */
export const browseRoutes = new Hono<ShopEnv>()
  .get('/', homePage)
  .get('/category/:slug', c => {
    const category = findCategory(c.req.param('slug'));
    return category ? categoryPage(c, category) : c.notFound();
  })
  .get('/product/:slug', c => {
    const product = findProduct(c.req.param('slug'));
    return product ? productPage(c, product) : c.notFound();
  })
  .get('/search', searchPage);
