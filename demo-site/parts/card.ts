import { html } from 'hono/html';
import {
  defaultVariant,
  type Item,
  itemName,
  itemUrl,
  optionsOf,
  type Product,
  pictureUrl,
} from '../catalogue';
import type { Session } from '../session';
import { productPrice } from './price';
import { wishForm } from './wish';

/** The item that stands for a product in a list. */
export function faceOf(product: Product): Item {
  return { product, variant: defaultVariant(product) };
}

function badge(product: Product) {
  if (product.variants.every(variant => !variant.inStock)) return html`<span class="badge">Sold out</span>`;
  if (product.variants.some(variant => variant.oldPrice))
    return html`<span class="badge badge--sale">Reduced</span>`;
  return '';
}

function choices(product: Product) {
  const glazes = [...new Set(product.variants.map(variant => variant.glaze))];
  const sizes = optionsOf(product).find(option => option.name === 'size')?.values ?? [];
  return html`<p class="card__choices">
    ${glazes.length > 1 ? html`<span class="dots" aria-hidden="true">${glazes.map(glaze => html`<span class="dot glaze-${glaze}"></span>`)}</span><span class="visually-hidden">${glazes.length} colours</span>` : ''}
    ${sizes.length > 1 ? `${sizes.length} sizes` : ''}
  </p>`;
}

/** What a list shows of a product. The whole card leads to the product; the heart is its own button. */
export function card(item: Item, session: Session, back: string) {
  const { product, variant } = item;
  return html`<article class="card">
    <div class="card__picture">
      <img src="${pictureUrl(variant)}" alt="${itemName(item)}" width="480" height="480" loading="lazy">
      ${badge(product)}
    </div>
    <h3 class="card__name"><a href="${itemUrl(item)}">${product.name}</a></h3>
    <p class="card__price">${productPrice(product)}</p>
    ${choices(product)}
    ${wishForm(item, session, 'card', back)}
  </article>`;
}

/** A grid of cards. */
export function cards(items: Item[], session: Session, back: string) {
  return html`<ul class="grid" role="list">${items.map(item => html`<li>${card(item, session, back)}</li>`)}</ul>`;
}
