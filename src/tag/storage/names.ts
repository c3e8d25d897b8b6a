/** Every name under which the tag keeps something in the visitor's browser. `stored.ts` says what and why. */
export const names = {
  /** Cookie: the anonymous id, and the week it was last written in. */
  visitor: 'shoptrail_id',
  /** Cookie: the recycleStateId of the cart and a checksum of what was last sent; there only while there is a cart. */
  cart: 'shoptrail_cart',
  /** IndexedDB database: events not yet accepted, who the visitor is, when the relay may be asked again. */
  database: 'shoptrail',
  /** localStorage key, one a page: what the database does not have yet. */
  journal: 'shoptrail.',
  /** sessionStorage key: what waits for consent, where `consentHold` is `session`. */
  hold: 'shoptrail',
} as const;
