/** The longest wait that a Retry-After can ask for, in ms. */
export const longestWait = 60 * 60_000;

/** Reads a Retry-After header (seconds or an HTTP date) as ms from now, at most an hour; undefined when it says nothing. */
export const retryAfter = (header: string | null, now: number): number | undefined => {
  const text = header?.trim();
  if (!text) return undefined;
  const wait = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(0, wait), longestWait);
};

/** Exponential backoff: the first wait is at most `base` ms, each next one twice that, none above `cap` ms. */
export interface Backoff {
  /** Default 1,000. */
  base: number;
  /** Default 300,000: five minutes. */
  cap: number;
}

/** The backoff towards the platform. */
export const defaultBackoff: Backoff = { base: 1_000, cap: 5 * 60_000 };

/**
 * How long to wait after the `tries`-th attempt failed, with full jitter: anything between nothing and the bound, so
 * that what failed together does not come back together.
 */
export const backoffWait = (tries: number, { base, cap }: Backoff, random: () => number): number =>
  Math.round(random() * Math.min(cap, base * 2 ** Math.min(tries - 1, 30)));
