/**
 * What an event is worth when the queue is full: views of pages go first, carts and orders last. What a shop names
 * itself is worth more than what every page makes.
 */
const worth: Record<string, number> = {
  pageViewed: 0,
  productImpressions: 0,
  productCategoryViewed: 1,
  searchRequest: 1,
  productViewed: 1,
  productAddedToWishlist: 3,
  cartUpdated: 4,
};

const rank = (eventTypeKey: string) =>
  worth[eventTypeKey] ?? (/order|purchase|checkout/i.test(eventTypeKey) ? 4 : 2);

/** So many events to give up: of those worth least the oldest. */
export const leastWorth = <Event extends { eventTypeKey: string }>(
  oldestFirst: Event[],
  count: number,
): Event[] => [...oldestFirst].sort((a, b) => rank(a.eventTypeKey) - rank(b.eventTypeKey)).slice(0, count);
