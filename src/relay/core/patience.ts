import type { ClaimedRow } from './outbox';
import type { Verdict } from './verdict';

/** What the platform says of itself, not of a row (RFC 6585, RFC 9110). */
const busy = [429, 503];

/** How many failing rows are remembered; then all are forgotten, and their failures counted anew. */
const mostRows = 10_000;

/** How long the later rows of a visitor wait for one that fails, from its arrival, in ms. */
const atLeast = 10 * 60_000;

/** How often it must have failed, with something taken between one failure and the next. */
const often = 5;

/**
 * Tells when a visitor's later rows need not wait any longer for one that fails again and again while the platform takes
 * others: it may never be taken, and what the visitor does meanwhile is worth little a month later. Failures are
 * remembered as long as the process runs.
 */
export const createPatience = (now: () => number) => {
  let taken = 0;
  const failing = new Map<string, { times: number; taken: number }>();

  return {
    /** Learns what became of a row. Whether the others of its visitor may leave before it from now on. */
    isOver({ id, received, aside }: ClaimedRow, verdict: Verdict): boolean {
      if (verdict.kind === 'accepted') taken++;
      if (verdict.kind === 'accepted' || verdict.kind === 'never') failing.delete(id);
      if (aside) return true;
      if (verdict.kind !== 'later' || busy.includes(verdict.status ?? 0)) return false;
      const known = failing.get(id);
      if (known?.taken === taken) return false;
      const count = (known?.times ?? 0) + 1;
      if (count >= often && now() - received >= atLeast) {
        failing.delete(id);
        return true;
      }
      if (failing.size >= mostRows) failing.clear();
      failing.set(id, { times: count, taken });
      return false;
    },
  };
};
