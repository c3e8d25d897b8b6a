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

/** The event to give up: the oldest among those worth least. */
export const leastWorth = <Event extends { eventTypeKey: string }>(oldestFirst: Event[]): Event =>
  oldestFirst.reduce((least, event) => (rank(event.eventTypeKey) < rank(least.eventTypeKey) ? event : least));
