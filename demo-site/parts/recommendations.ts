import { html } from 'hono/html';
import { findItem, type Item, type Product, productsIn } from '../catalogue';
import type { Session } from '../session';
import { card, faceOf } from './card';

const favourites = ['MUG-TALL-OCHRE', 'POT-HERON-CELADON-10', 'BOWL-NOODLE-RUST', 'TEA-SLACK-100'];

/** What the shop recommends to everyone. */
export function favouriteItems(): Item[] {
  return favourites.map(id => findItem(id)!);
}

/** One thing from each other shelf and one from the same, as company for a product. */
export function companions(product: Product): Item[] {
  const shelves = (['Tea', 'Mugs', 'Bowls', 'Teapots'] as const).map(id => {
    const others = productsIn(id).filter(other => other !== product && other.variants.some(v => v.inStock));
    return others[product.name.length % others.length]!;
  });
  return shelves.map(faceOf);
}

/**
 * A recommendation block.
 * @param variantId the recommendation variant in the platform's `r<recomId>v<variantId>` form
 */
export function recommendations(
  variantId: string,
  heading: string,
  items: Item[],
  session: Session,
  back: string,
) {
  return html`<section class="wrap band" aria-labelledby="${variantId}" data-shoptrail-impressions="${variantId}">
    <h2 id="${variantId}">${heading}</h2>
    <ul class="grid" role="list">${items.map(
      item => html`<li data-shoptrail-item="${item.variant.id}">${card(item, session, back)}</li>`,
    )}</ul>
  </section>`;
}
