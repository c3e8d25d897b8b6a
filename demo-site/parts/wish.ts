import { html } from 'hono/html';
import { type Item, itemName } from '../catalogue';
import type { Session } from '../session';
import { productValue } from '../shoptrail';
import { heartIcon } from './icons';

/**
 * The form with the heart. Its button carries data-shoptrail-wishlist only while a click would add: the
 * page script takes the attribute away afterwards (assets/script.ts).
 *
 * @param look `card` shows only the heart, `page` also the words
 */
export function wishForm(item: Item, session: Session, look: 'card' | 'page', back: string) {
  const isIn = session.wishlist.has(item.variant.id);
  const name = look === 'card' ? ` ${itemName(item)}` : '';
  const value = JSON.stringify(productValue(item));
  return html`<form class="wish wish--${look}" method="post" action="/wishlist" data-enhance="wish">
    <input type="hidden" name="productId" value="${item.variant.id}">
    <input type="hidden" name="wanted" value="${isIn ? 'no' : 'yes'}">
    <input type="hidden" name="back" value="${back}">
    <button class="wish__button"${isIn ? html` data-in` : html` data-shoptrail-wishlist="${value}"`}>
      ${heartIcon}<span class="wish__add">Add${name} to wishlist</span><span class="wish__remove">Remove${name} from wishlist</span>
    </button>
  </form>`;
}
