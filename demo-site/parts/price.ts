import { html } from 'hono/html';
import type { Product, Variant } from '../catalogue';
import { formatPrice } from '../money';

/** Price of a variant, with the earlier one struck through when it is reduced. */
export function variantPrice({ price, oldPrice }: Variant) {
  return oldPrice
    ? html`<span class="price price--reduced"><span class="visually-hidden">Now </span><span data-price>${formatPrice(price)}</span></span>
        <s class="price__old"><span class="visually-hidden">was </span>${formatPrice(oldPrice)}</s>`
    : html`<span class="price" data-price>${formatPrice(price)}</span>`;
}

/** Price of a product on a card: the lowest, with `from` when its variants differ. */
export function productPrice(product: Product) {
  const prices = product.variants.map(variant => variant.price);
  const cheapest = product.variants.reduce((a, b) => (b.price < a.price ? b : a));
  return html`${new Set(prices).size > 1 && html`<span class="price__from">from </span>`}${variantPrice(cheapest)}`;
}
