import { categoryOf, type Product } from './catalogue';
import { products } from './products';

/** Longer queries are cut to this many characters. */
export const MAX_QUERY = 100;

/** Lower case without accents, so that `Café` finds `cafe`. */
function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

function wordsOf(product: Product): string {
  const options = product.variants.flatMap(variant => Object.values(variant.options));
  const category = categoryOf(product);
  return fold([product.name, category.name, product.summary, product.material, ...options].join(' '));
}

const index = products.map(product => ({ product, text: wordsOf(product) }));

/** The products whose words contain every word of the query; those with it in their name come first. */
export function searchProducts(query: string): Product[] {
  const words = fold(query).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const inName = (product: Product) => words.every(word => fold(product.name).includes(word));
  return index
    .filter(({ text }) => words.every(word => text.includes(word)))
    .map(({ product }) => product)
    .sort((a, b) => Number(inName(b)) - Number(inName(a)));
}
