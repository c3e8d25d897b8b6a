/** The one currency of the shop, ISO 4217. */
export const CURRENCY = 'EUR';

const euros = new Intl.NumberFormat('en-IE', { style: 'currency', currency: CURRENCY });

/** A price as visitors read it: `formatPrice(24.5)` is `€24.50`. */
export function formatPrice(amount: number): string {
  return euros.format(amount);
}

/** Rounds to whole cents, so that sums such as 0.1 + 0.2 do not show their binary tail. */
export function roundToCents(amount: number): number {
  return Math.round((amount + Number.EPSILON) * 100) / 100;
}
