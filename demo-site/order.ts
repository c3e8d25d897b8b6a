import { randomInt } from 'node:crypto';
import { type Cart, type CartLine, cartLines, cartTotals } from './cart';
import { type Fields, isEmail, type Problems } from './fields';

/** A placed order as the thank-you page shows it. Name and address are not kept: nothing is shipped. */
export interface Order {
  /** E.g. `SM-2718-2818`. */
  number: string;
  lines: CartLine[];
  goods: number;
  delivery: number;
  total: number;
}

const required: Record<string, string> = {
  name: 'Enter the name for the parcel.',
  street: 'Enter street and house number.',
  city: 'Enter the town or city.',
  postcode: 'Enter the postcode.',
};

/** What is missing in the checkout form; empty when it can be sent. */
export function checkoutProblems(fields: Fields): Problems {
  const problems: Problems = {};
  if (!isEmail(fields.email ?? '')) problems.email = 'Enter an email address such as name@example.com.';
  for (const [name, sentence] of Object.entries(required)) if (!fields[name]) problems[name] = sentence;
  return problems;
}

/** Turns a cart into an order with a new number. */
export function placeOrder(cart: Cart): Order {
  const group = () => String(randomInt(10_000)).padStart(4, '0');
  return { number: `SM-${group()}-${group()}`, lines: cartLines(cart), ...cartTotals(cart) };
}
