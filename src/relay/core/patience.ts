import type { ClaimedRow } from './outbox';
import type { Verdict } from './verdict';

/** What the platform says of itself, not of a row (RFC 6585, RFC 9110). */
const busy = [429, 503];

/** How many failing rows are remembered, and for how long after a failure, in ms: who is erased or given up is not heard of again. */
const mostRows = 10_000;
const rememberedFor = 2 * 60 * 60_000;

/** How long the later rows of a visitor wait for one that fails, from its arrival, in ms. */
const atLeast = 10 * 60_000;

/** How often it must have failed, with something taken between one failure and the next. */
const often = 10;

/**
 * Tells when a visitor's later rows need not wait any longer for one that fails again and again while the platform takes
 * others: it may never be taken, and what the visitor does meanwhile is worth little a month later. Failures are
 * remembered as long as the process runs.
 */
export const createPatience = (now: () => number) => {
  let taken = 0;
  /** What failed, the longest ago first. */
  const failing = new Map<string, { times: number; taken: number; at: number }>();

  const remember = (id: string, times: number) => {
    failing.delete(id);
    const [oldest] = failing;
    if (oldest && Math.abs(now() - oldest[1].at) > rememberedFor) failing.delete(oldest[0]);
    // Others that fail have to wait until one of these stands aside.
    if (failing.size < mostRows) failing.set(id, { times, taken, at: now() });
  };

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
      const isOver = count >= often && Math.abs(now() - received) >= atLeast;
      if (isOver) failing.delete(id);
      else remember(id, count);
      return isOver;
    },
  };
};
