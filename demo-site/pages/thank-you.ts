import { html } from 'hono/html';
import { itemName, pictureUrl } from '../catalogue';
import { showPage } from '../layout';
import { formatPrice } from '../money';
import type { Order } from '../order';
import { totalsList } from '../parts/totals';
import { orderPlacedCall } from '../shoptrail';
import type { ShopContext } from '../visit';

/**
 * The page after an order.
 * @param isNew the first time this order is shown; only then the tag is told, so a reload repeats nothing
 */
export function thankYouPage(c: ShopContext, order: Order, isNew: boolean) {
  return showPage(c, {
    title: 'Thank you',
    calls: isNew ? [orderPlacedCall(order, new URL(c.req.url).origin)] : [],
    content: html`<div class="wrap narrow">
      <header class="title"><p class="eyebrow">Order ${order.number}</p><h1>Thank you</h1>
      <p class="lead">If this were a real shop, your parcel would now be lying in straw. It leaves on Thursday.</p></header>
      <div class="panel">
        <ul class="lines lines--still" role="list">${order.lines.map(
          line =>
            html`<li class="line"><img src="${pictureUrl(line.variant)}" alt="" width="120" height="120"><div class="line__words"><h2 class="line__name">${itemName(line)}</h2><p class="muted">${line.quantity} × ${formatPrice(line.variant.price)}</p></div><p class="line__total">${formatPrice(line.total)}</p></li>`,
        )}</ul>
        ${totalsList(order)}
      </div>
      <p class="ways"><a class="button" href="/">Back to the shop</a></p>
    </div>`,
  });
}
