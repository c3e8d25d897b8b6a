import { html } from 'hono/html';
import { formatPrice } from '../money';

/** Goods, delivery and total as a list of terms. */
export function totalsList({ goods, delivery, total }: { goods: number; delivery: number; total: number }) {
  return html`<dl class="totals">
    <div><dt>Goods</dt><dd>${formatPrice(goods)}</dd></div>
    <div><dt>Delivery</dt><dd>${delivery === 0 ? 'Free' : formatPrice(delivery)}</dd></div>
    <div class="totals__sum"><dt>Total</dt><dd data-testid="total">${formatPrice(total)}</dd></div>
  </dl>`;
}
