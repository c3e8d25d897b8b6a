const SECOND = 1000;

/** The longest wait that an endpoint may ask for. */
export const LONGEST = 3_600 * SECOND;

/**
 * How long to wait after the n-th failure in a row, in milliseconds: exponential with full jitter, so that the visitors
 * of a shop do not come back all at once (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
export const backoff = (failures: number): number =>
  SECOND + Math.random() * Math.min(300 * SECOND, 2 ** failures * SECOND);

/** A `Retry-After` header in milliseconds from now: seconds or a date, at most an hour; undefined when it says nothing. */
export const retryAfter = (header: string | null, now = Date.now()): number | undefined => {
  if (!header) return undefined;
  const wait = /^\d+$/.test(header) ? +header * SECOND : Date.parse(header) - now;
  return wait > 0 ? Math.min(wait, LONGEST) : undefined;
};
