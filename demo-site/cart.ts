import { categoryOf, findItem, type Item } from './catalogue';
import { roundToCents } from './money';

/** What a visitor has put in the cart: productId to quantity, in the order of adding. */
export type Cart = Map<string, number>;

/** One line of a cart with everything needed to show it. */
export interface CartLine extends Item {
  quantity: number;
  /** Price of the line, in whole cents. */
  total: number;
}

/** The most of one thing that can be ordered. */
export const MAX_QUANTITY = 20;

/** Orders from this sum on are delivered free. */
export const FREE_DELIVERY_FROM = 60;

const DELIVERY_PRICE = 5.9;

/** The lines of a cart. Ids that the shop no longer sells are left out. */
export function cartLines(cart: Cart): CartLine[] {
  return [...cart].flatMap(([id, quantity]) => {
    const item = findItem(id);
    return item ? [{ ...item, quantity, total: roundToCents(item.variant.price * quantity) }] : [];
  });
}

/** How many things are in the cart, every piece counted. */
export function cartCount(cart: Cart): number {
  return [...cart.values()].reduce((sum, quantity) => sum + quantity, 0);
}

/** What the cart costs: goods, delivery (free for an empty cart and above the limit) and both. */
export function cartTotals(cart: Cart): { goods: number; delivery: number; total: number } {
  const goods = roundToCents(cartLines(cart).reduce((sum, line) => sum + line.total, 0));
  const delivery = goods === 0 || goods >= FREE_DELIVERY_FROM ? 0 : DELIVERY_PRICE;
  return { goods, delivery, total: roundToCents(goods + delivery) };
}

/** Adds to what is there already; at most {@link MAX_QUANTITY} of one thing. */
export function addToCart(cart: Cart, id: string, quantity: number): void {
  setQuantity(cart, id, (cart.get(id) ?? 0) + quantity);
}

/** Sets how many of a thing are in the cart; 0 removes it. */
export function setQuantity(cart: Cart, id: string, quantity: number): void {
  if (quantity > 0) cart.set(id, Math.min(quantity, MAX_QUANTITY));
  else cart.delete(id);
}

/** A quantity from a form: a whole number from `least` to {@link MAX_QUANTITY}, or undefined. */
export function readQuantity(text: string, least = 1): number | undefined {
  const quantity = Number(text);
  const fits = /^\d+$/.test(text) && quantity >= least && quantity <= MAX_QUANTITY;
  return fits ? quantity : undefined;
}

/** Name of the shelf a line comes from. */
export function lineCategory(line: Item): string {
  return categoryOf(line.product).id;
}
