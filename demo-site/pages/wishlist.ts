import { html } from 'hono/html';
import { findItem, type Item, itemName, itemUrl, pictureUrl } from '../catalogue';
import { showPage } from '../layout';
import { variantPrice } from '../parts/price';
import { readSession, type ShopContext } from '../visit';

function wish(item: Item) {
  const { product, variant } = item;
  const name = itemName(item);
  return html`<li><article class="card card--wish">
    <div class="card__picture"><img src="${pictureUrl(variant)}" alt="${name}" width="480" height="480"></div>
    <h2 class="card__name"><a href="${itemUrl(item)}">${product.name}</a></h2>
    <p class="muted">${Object.values(variant.options).join(', ')}</p>
    <p class="card__price">${variantPrice(variant)}</p>
    <div class="card__ways">
      <form method="post" action="/wishlist/move">
        <input type="hidden" name="productId" value="${variant.id}">
        <button class="button button--small"${!variant.inStock && html` disabled`}>${variant.inStock ? 'Move to cart' : 'Sold out'}<span class="visually-hidden">: ${name}</span></button>
      </form>
      <form method="post" action="/wishlist">
        <input type="hidden" name="productId" value="${variant.id}"><input type="hidden" name="wanted" value="no"><input type="hidden" name="back" value="/wishlist">
        <button class="link">Remove<span class="visually-hidden"> ${name}</span></button>
      </form>
    </div>
  </article></li>`;
}

/** What the visitor marked for later. */
export function wishlistPage(c: ShopContext) {
  const items = [...readSession(c).wishlist].flatMap(id => findItem(id) ?? []);
  return showPage(c, {
    title: 'Wishlist',
    content:
      items.length === 0
        ? html`<div class="wrap narrow empty"><h1>Nothing wished for yet</h1><p>The heart on every product puts it here.</p><p><a class="button" href="/category/teapots">Look at teapots</a></p></div>`
        : html`<div class="wrap"><header class="title"><h1>Your wishlist</h1></header><ul class="grid" role="list">${items.map(wish)}</ul></div>`,
  });
}
