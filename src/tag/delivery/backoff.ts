const SECOND = 1000;

/**
 * How long to wait after the n-th failure in a row, in milliseconds: exponential with full jitter, so that the visitors
 * of a shop do not come back all at once (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
export const backoff = (failures: number): number =>
  SECOND + Math.random() * Math.min(300 * SECOND, 2 ** failures * SECOND);
