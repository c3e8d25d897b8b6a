import { products } from './products';

/** The four shelves of the shop; the id is what the platform gets as `productCategoryId`. */
export type CategoryId = 'Mugs' | 'Teapots' | 'Bowls' | 'Tea';

/** One shelf. */
export interface Category {
  id: CategoryId;
  /** Last part of the address, `/category/<slug>`. */
  slug: string;
  name: string;
  /** For the menu, where four names share a phone's width. */
  short: string;
  intro: string;
  /** The variant whose picture stands for the shelf. */
  pictureOf: string;
}

/** A choice that a product offers, such as its colour. Also the name of the property in events. */
export type OptionName = 'color' | 'size';

/** One buyable thing. */
export interface Variant {
  /** Unique in the shop and used as `productId` in events. */
  id: string;
  price: number;
  /** The earlier price when the variant is reduced. */
  oldPrice?: number;
  inStock: boolean;
  /** The chosen value for each option of its product; empty when there is nothing to choose. */
  options: Partial<Record<OptionName, string>>;
  /** How the picture is coloured, a name from art/glazes.ts. */
  glaze: string;
  /** Size of the drawing relative to the product's usual one. Default 1. */
  scale?: number;
}

/** What a product page is about. Its variants all have the same options. */
export interface Product {
  /** Last part of the address, `/product/<slug>`. */
  slug: string;
  name: string;
  category: CategoryId;
  /** Which drawing in art/ shows it. */
  shape: string;
  /** One sentence under the name. */
  summary: string;
  description: string;
  /** Facts as a short list. */
  details: string[];
  /** `material` in events. */
  material: string;
  /** Measures, shown in the size guide; without it the page has no guide. */
  sizeGuide?: { label: string; value: string }[];
  variants: [Variant, ...Variant[]];
}

/** A variant together with the product it belongs to. */
export interface Item {
  product: Product;
  variant: Variant;
}

/** The shelves in the order of the menu. */
export const categories: readonly Category[] = [
  {
    id: 'Mugs',
    slug: 'mugs',
    name: 'Mugs & cups',
    short: 'Mugs',
    intro: 'Thrown thin at the lip and heavy at the foot, so they stay warm and stay put.',
    pictureOf: 'MUG-TALL-BLUE',
  },
  {
    id: 'Teapots',
    slug: 'teapots',
    name: 'Teapots & kettles',
    short: 'Teapots',
    intro: 'Spouts that do not drip. We pour every one of them a hundred times before it leaves.',
    pictureOf: 'POT-HERON-CELADON-06',
  },
  {
    id: 'Bowls',
    slug: 'bowls',
    name: 'Bowls & plates',
    short: 'Tableware',
    intro: 'Everyday tableware in quiet colours, made to be stacked, chipped and kept.',
    pictureOf: 'BOWL-NOODLE-RUST',
  },
  {
    id: 'Tea',
    slug: 'tea',
    name: 'Loose tea',
    short: 'Tea',
    intro: 'Three gardens and our own. Bought once a year and sold until it is gone.',
    pictureOf: 'TEA-TIDE-100',
  },
];

const optionLabels: Record<OptionName, string> = { color: 'Colour', size: 'Size' };

const itemsById = new Map<string, Item>(
  products.flatMap(product => product.variants.map(variant => [variant.id, { product, variant }] as const)),
);

/** What visitors read for an option. */
export function optionLabel(name: OptionName): string {
  return optionLabels[name];
}

/** The variant with this id and its product, or undefined. */
export function findItem(id: string): Item | undefined {
  return itemsById.get(id);
}

/** Every variant of the shop, for pictures and tests. */
export function allItems(): Item[] {
  return [...itemsById.values()];
}

/** The product with this slug, or undefined. */
export function findProduct(slug: string): Product | undefined {
  return products.find(product => product.slug === slug);
}

/** The shelf with this slug, or undefined. */
export function findCategory(slug: string): Category | undefined {
  return categories.find(category => category.slug === slug);
}

/** The shelf a product stands on. */
export function categoryOf(product: Product): Category {
  return categories.find(category => category.id === product.category)!;
}

/** Everything on a shelf. */
export function productsIn(id: CategoryId): Product[] {
  return products.filter(product => product.category === id);
}

/** The options of a product in the order in which its page offers them, each with its distinct values. */
export function optionsOf(product: Product): { name: OptionName; values: string[] }[] {
  return (['color', 'size'] as const)
    .map(name => ({
      name,
      values: [...new Set(product.variants.flatMap(variant => variant.options[name] ?? []))],
    }))
    .filter(option => option.values.length > 0);
}

/** The variant shown first: the first in stock, else the first. */
export function defaultVariant(product: Product): Variant {
  return product.variants.find(variant => variant.inStock) ?? product.variants[0];
}

/**
 * The variant that fits the chosen options. Values that are missing or unknown are taken from the
 * default variant, so every choice leads to something that exists.
 */
export function chooseVariant(product: Product, chosen: Partial<Record<OptionName, string>>): Variant {
  const fallback = defaultVariant(product);
  const names = optionsOf(product).map(option => option.name);
  const fits = (variant: Variant, wanted: OptionName[]) =>
    wanted.every(name => variant.options[name] === chosen[name]);
  const known = names.filter(name => product.variants.some(variant => fits(variant, [name])));
  const rest = names.filter(name => !known.includes(name));
  return (
    product.variants.find(
      variant => fits(variant, known) && rest.every(name => variant.options[name] === fallback.options[name]),
    ) ?? fallback
  );
}

/** Address of a product page with this variant chosen, e.g. `/product/tall-mug?color=ochre`. */
export function itemUrl({ product, variant }: Item): string {
  const query = new URLSearchParams(variant.options).toString();
  return `/product/${product.slug}${query && `?${query}`}`;
}

/** Address of the drawing of a variant. */
export function pictureUrl(variant: Variant): string {
  return `/img/${variant.id}.svg`;
}

/** `Tall mug, ochre` or, without options, just the product's name. */
export function itemName({ product, variant }: Item): string {
  return [product.name, ...Object.values(variant.options)].join(', ');
}
