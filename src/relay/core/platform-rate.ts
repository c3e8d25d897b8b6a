/** How fast the platform is asked, learnt from its answers: it documents no rate (peers.md D3). */
export interface PlatformRate {
  /** Takes leave for up to `wanted` requests now; with 0 of them, `wait` says in how many ms to ask again. */
  grant(wanted: number, now: number): { granted: number; wait: number };
  /** Gives back what was granted and not used. */
  giveBack(amount: number): void;
  /** The platform took one: a little faster, if the rate was what held us back. */
  faster(): void;
  /**
   * The platform is overloaded or out of reach: half as fast, at most once a second. When it may be about one event alone
   * (`ofOne`), not if another was taken since, nor below the rate at first: what one event meets must not slow down all.
   */
  slower(now: number, ofOne?: boolean): void;
  /** Requests a second at present. */
  current(): number;
}

export interface PlatformRateOptions {
  /** Requests a second at first. Default 20. */
  start?: number;
  /** Never below. Default 1. */
  min?: number;
  /** Never above. Default 200. */
  max?: number;
}

/** What a second of accepted requests at full rate adds, in requests a second. */
const increase = 5;

/** Additive increase, multiplicative decrease, over a bucket that holds a quarter of a second. */
export const createPlatformRate = ({
  start = 20,
  min = 1,
  max = 200,
}: PlatformRateOptions = {}): PlatformRate => {
  let rate = Math.min(start, max);
  let tokens = 1;
  let filledAt = 0;
  let slowedAt = Number.NEGATIVE_INFINITY;
  // An idle relay's successes say nothing about a higher rate (compare RFC 7661).
  let limited = false;
  /** One was taken since the last failure that may be of one. */
  let taken = false;

  return {
    grant(wanted, now) {
      const elapsed = Math.max(0, now - filledAt);
      filledAt = now;
      tokens = Math.min(Math.max(1, rate / 4), tokens + (elapsed * rate) / 1_000);
      const granted = Math.min(wanted, Math.floor(tokens));
      tokens -= granted;
      if (granted < wanted) limited = true;
      return { granted, wait: granted ? 0 : Math.ceil(((1 - tokens) * 1_000) / rate) };
    },
    giveBack(amount) {
      tokens += amount;
      if (amount) limited = false;
    },
    faster() {
      taken = true;
      if (limited) rate = Math.min(max, rate + increase / rate);
    },
    slower(now, ofOne = false) {
      if (ofOne && taken) {
        taken = false;
        return;
      }
      if (now - slowedAt < 1_000 && now >= slowedAt) return;
      slowedAt = now;
      rate = Math.min(rate, Math.max(ofOne ? Math.min(start, max) : min, rate / 2));
    },
    current: () => rate,
  };
};
