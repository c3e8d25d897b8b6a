interface Bucket {
  tokens: number;
  /** When `tokens` was true. */
  at: number;
}

/** A limit for each of many keys. */
export interface RateLimit {
  /** How many ms until `key` may go on; 0 when it may now. Takes nothing. */
  wait(key: string, now: number): number;
  /** Takes `taken`. It may leave a debt, of at most a period's worth: a long queue of a returning visitor passes. */
  take(key: string, taken: number, now: number): void;
}

/**
 * Token buckets: `amount` in each `period` for each key, and as many at once after a quiet one. 0 means no limit.
 *
 * @param maxKeys how many keys are remembered (default 10,000); the one unused for longest is forgotten first, which
 *   only gives it a full bucket again.
 * @param period in ms. Default a minute.
 */
export const createRateLimit = (amount: number, maxKeys = 10_000, period = 60_000): RateLimit => {
  const buckets = new Map<string, Bucket>();

  const filled = (key: string, now: number): Bucket => {
    const bucket = buckets.get(key) ?? { tokens: amount, at: now };
    // A clock that was set back gives nothing and takes nothing: the bucket goes on from there. Kept even if nothing is
    // taken, or who is refused would be so until the clock is where it was.
    bucket.at = Math.min(bucket.at, now);
    const elapsed = now - bucket.at;
    return { tokens: Math.min(amount, bucket.tokens + (elapsed * amount) / period), at: now };
  };

  return {
    wait(key, now) {
      if (!amount) return 0;
      const { tokens } = filled(key, now);
      return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) * period) / amount);
    },
    take(key, taken, now) {
      if (!amount) return;
      const { tokens, at } = filled(key, now);
      buckets.delete(key);
      buckets.set(key, { tokens: Math.max(-amount, tokens - taken), at });
      if (buckets.size > maxKeys) buckets.delete(buckets.keys().next().value!);
    },
  };
};
