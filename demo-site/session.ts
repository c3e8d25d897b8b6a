import { randomBytes } from 'node:crypto';
import type { Cart } from './cart';
import type { Customer } from './customer';
import type { Order } from './order';

/** What the shop remembers about a visitor between two requests. */
export interface Session {
  cart: Cart;
  /** productIds, in the order of adding. */
  wishlist: Set<string>;
  customer?: Customer;
  /** The last order, for the thank-you page. */
  order?: Order;
  /** The order was placed and no page has told the tag yet. */
  orderIsNew?: boolean;
  /** The visitor signed out and no page has told the tag yet. */
  signedOut?: boolean;
  /** A sentence for the top of the next page. */
  notice?: string;
}

/** Name of the session cookie. It holds a random key and nothing else. */
export const SESSION_COOKIE = 'saltmarsh_session';

/** The session of someone who has done nothing yet. */
export function emptySession(): Session {
  return { cart: new Map(), wishlist: new Set() };
}

/** Sessions in memory; they end with the process. */
export interface Sessions {
  /** The session of this key, or undefined when there is none (any more). */
  find(key: string | undefined): Session | undefined;
  /** Keeps a session and returns its new key. */
  create(session: Session): string;
  remove(key: string | undefined): void;
}

/**
 * @param limit how many sessions are kept; beyond it the one used longest ago goes. Default 10,000.
 */
export function createSessions(limit = 10_000): Sessions {
  const kept = new Map<string, Session>();
  return {
    find(key) {
      const session = key === undefined ? undefined : kept.get(key);
      if (key === undefined || !session) return undefined;
      // Putting it at the end again keeps the map in the order of last use.
      kept.delete(key);
      kept.set(key, session);
      return session;
    },
    create(session) {
      const key = randomBytes(24).toString('base64url');
      kept.set(key, session);
      if (kept.size > limit) kept.delete(kept.keys().next().value!);
      return key;
    },
    remove(key) {
      if (key !== undefined) kept.delete(key);
    },
  };
}
