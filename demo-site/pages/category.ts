import { html } from 'hono/html';
import { type Category, productsIn } from '../catalogue';
import { showPage } from '../layout';
import { cards, faceOf } from '../parts/card';
import { readSession, type ShopContext } from '../visit';

/** One shelf with everything on it. */
export function categoryPage(c: ShopContext, category: Category) {
  const products = productsIn(category.id);
  const back = `/category/${category.slug}`;
  return showPage(c, {
    title: category.name,
    description: category.intro,
    category: category.id,
    content: html`<div class="wrap" data-shoptrail-category="${category.id}">
      <nav class="crumbs" aria-label="Breadcrumb"><ol role="list"><li><a href="/">Home</a></li><li aria-current="page">${category.name}</li></ol></nav>
      <header class="title"><h1>${category.name}</h1><p class="lead">${category.intro}</p></header>
      <h2 class="visually-hidden">${products.length} products</h2>
      ${cards(products.map(faceOf), readSession(c), back)}
    </div>`,
  });
}
