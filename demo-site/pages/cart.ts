import { html } from 'hono/html';
import { type CartLine, cartLines, cartTotals, FREE_DELIVERY_FROM, MAX_QUANTITY } from '../cart';
import { itemName, itemUrl, pictureUrl } from '../catalogue';
import { showPage } from '../layout';
import { formatPrice } from '../money';
import { totalsList } from '../parts/totals';
import { readSession, type ShopContext } from '../visit';

function cartRow(line: CartLine) {
  const { product, variant, quantity, total } = line;
  const name = itemName(line);
  return html`<li class="line">
    <img src="${pictureUrl(variant)}" alt="" width="120" height="120">
    <div class="line__words">
      <h2 class="line__name"><a href="${itemUrl(line)}">${product.name}</a></h2>
      <p class="muted">${Object.values(variant.options).join(', ')}</p>
      <p class="muted">${formatPrice(variant.price)} each</p>
    </div>
    <p class="line__total"><span class="visually-hidden">Together </span>${formatPrice(total)}</p>
    <div class="line__ways">
      <form method="post" action="/cart/update">
        <input type="hidden" name="productId" value="${variant.id}">
        <label class="visually-hidden" for="quantity-${variant.id}">Quantity of ${name}</label>
        <input id="quantity-${variant.id}" name="quantity" type="number" inputmode="numeric" min="0" max="${MAX_QUANTITY}" value="${quantity}" required>
        <button class="button button--quiet button--small">Update<span class="visually-hidden"> ${name}</span></button>
      </form>
      <form method="post" action="/cart/remove">
        <input type="hidden" name="productId" value="${variant.id}">
        <button class="link">Remove<span class="visually-hidden"> ${name}</span></button>
      </form>
    </div>
  </li>`;
}

/** The cart with its lines and sums. */
export function cartPage(c: ShopContext) {
  const { cart } = readSession(c);
  const lines = cartLines(cart);
  if (lines.length === 0)
    return showPage(c, {
      title: 'Cart',
      content: html`<div class="wrap narrow empty"><h1>Your cart is empty</h1><p>A mug would be a start.</p><p><a class="button" href="/category/mugs">See the mugs</a></p></div>`,
    });
  const totals = cartTotals(cart);
  const missing = FREE_DELIVERY_FROM - totals.goods;
  return showPage(c, {
    title: 'Cart',
    content: html`<div class="wrap split">
      <div>
        <h1>Your cart</h1>
        <ul class="lines" role="list">${lines.map(cartRow)}</ul>
      </div>
      <aside class="panel" aria-label="Order summary">
        ${totalsList(totals)}
        <p class="muted">${missing > 0 ? `${formatPrice(missing)} more and delivery is free.` : 'Delivery is on us.'} Prices include VAT.</p>
        <a class="button button--wide" href="/checkout">Check out</a>
      </aside>
    </div>`,
  });
}
