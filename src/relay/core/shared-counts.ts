import type { Counts, Outbox } from './outbox';

/** How long counts are good for, in ms. */
const goodFor = 1_000;

/**
 * The counts of an outbox, once for all who ask within a second: each count looks at every row that waits, and anybody
 * may ask. A failure is shared alike.
 */
export const sharedCounts = (outbox: Pick<Outbox, 'counts'>, now: () => number): (() => Promise<Counts>) => {
  let last: { at: number; counts: Promise<Counts> } | undefined;
  return () => {
    const at = now();
    // A clock that was set back must not keep them for as long.
    if (!last || at < last.at || at - last.at >= goodFor) last = { at, counts: outbox.counts() };
    return last.counts;
  };
};
