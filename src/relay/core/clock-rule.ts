/** Below this the visitor's clock is taken as right: a request takes time, and minutes are all the platform knows. */
export const ignoredOffset = 2 * 60_000;

/**
 * When an event happened by the relay's clock. `sentAt` is the visitor's clock when the request left: when it is two
 * minutes or more beside the relay's, `at` is moved by the difference (DESIGN section 4).
 *
 * @example at(1_000_000, 1_600_000, 5_200_000) // the visitor's clock is an hour late: 4_600_000
 */
export const correctedAt = (at: number, sentAt: number | undefined, now: number): number => {
  const offset = sentAt === undefined ? 0 : now - sentAt;
  return Math.round(Math.abs(offset) < ignoredOffset ? at : at + offset);
};
