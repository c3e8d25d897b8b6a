import { atMostEvery, type Log } from './log';
import type { Metrics } from './metrics';
import type { Lane } from './outbox';
import { createPlatformRate, type PlatformRateOptions } from './platform-rate';
import { longestWait } from './retry';
import type { Verdict } from './verdict';

/** Why nothing is sent until a probe succeeds: 401 is `unauthorized`, 403 is `forbidden`. */
export type PauseCause = 'unauthorized' | 'forbidden';

export interface PlatformGateOptions {
  log: Log;
  metrics: Metrics;
  now: () => number;
  rate?: PlatformRateOptions;
  /**
   * How often a paused resource is tried with one request, in ms; twelve times as often when it is forbidden: it may be
   * the content of what was tried, and something else passes.
   */
  probeEvery: number;
}

/** What is answered by who stands before a platform that cannot follow, or by itself (RFC 9110, RFC 6585). */
const overloaded = [408, 429, 502, 503, 504];

/** What all lanes have learnt of the platform together: how fast it may be asked, and what it refuses. */
export interface PlatformGate {
  /** How many ms a lane has to wait before it may send; 0 or less when it may now. */
  hold(lane: Lane): number;
  /** Why this lane is paused. */
  paused(lane: Lane): PauseCause | undefined;
  /** Takes leave for up to `wanted` requests; with 0 of them, `wait` says in how many ms to ask again. */
  grant(wanted: number): { granted: number; wait: number };
  /** Gives back what was granted and not used. */
  giveBack(amount: number): void;
  /** A lane sends although it is paused: not again before it is time for the next probe. */
  probed(lane: Lane): void;
  /** What an answer says about the platform as a whole. */
  learn(lane: Lane, verdict: Verdict): void;
  /** Requests a second that the platform is offered at most, at present. */
  rate(): number;
}

const keep = 'They are kept.';

/** What the owner is told when a lane is paused. */
const pauseWords: Record<Lane, Record<PauseCause, string>> = {
  event: {
    unauthorized:
      'The platform refuses the key (401). Nothing is forwarded until it is accepted: check PLATFORM_API_KEY or PLATFORM_TOKEN. Events are kept.',
    forbidden:
      'The platform forbids this key to generate events (403). None is forwarded until it may: check the rights of the key. Events are kept.',
  },
  history: {
    unauthorized: `The API key may not send past events (401): check its rights. Held events wait. ${keep}`,
    forbidden: `The API key may not send past events (403): check its rights. Held events wait. ${keep}`,
  },
  subscription: {
    unauthorized: `The API key may not subscribe contacts (401): it needs the right to add contacts. Subscriptions wait. ${keep}`,
    forbidden: `The API key may not subscribe contacts (403): it needs the right to add contacts. Subscriptions wait. ${keep}`,
  },
};

const againWords: Record<Lane, string> = {
  event: 'The platform takes events again. Forwarding goes on.',
  history: 'The platform takes past events again.',
  subscription: 'The platform takes subscriptions again.',
};

/**
 * One gate for all lanes. A 401 to an event pauses everything, a 403 its own resource. A 401 of another resource pauses
 * that one: rights that a key lacks may be answered so, and a key that opens nothing is found by the events themselves.
 */
export const createPlatformGate = ({
  log,
  metrics,
  now,
  rate: rateOptions,
  probeEvery,
}: PlatformGateOptions): PlatformGate => {
  const rate = createPlatformRate(rateOptions);
  const loudly = atMostEvery(60_000, now);
  const pauses = new Map<Lane, { cause: PauseCause; probeAt: number }>();
  /** The platform asked to be left alone until then. */
  let heldUntil = 0;

  /** The pause that keeps a lane from sending: its own, or that of a key that opens nothing. */
  const pauseOf = (lane: Lane) => {
    const whole = pauses.get('event');
    return whole?.cause === 'unauthorized' ? whole : pauses.get(lane);
  };

  const nextProbe = (cause: PauseCause) => now() + (cause === 'forbidden' ? probeEvery / 12 : probeEvery);

  const pause = (lane: Lane, cause: PauseCause) => {
    // While no key is accepted at all, it says nothing about this resource.
    if (lane !== 'event' && pauses.get('event')?.cause === 'unauthorized') return;
    const known = pauses.get(lane);
    if (known?.cause !== cause) log.error({ cause }, pauseWords[lane][cause]);
    pauses.set(lane, { cause, probeAt: known?.probeAt ?? nextProbe(cause) });
  };

  const goOn = (lane: Lane) => {
    const found = pauses.get(lane);
    if (!found || !pauses.delete(lane)) return;
    log.info({ cause: found.cause }, againWords[lane]);
  };

  return {
    // What is kept is capped, not only what is told: a clock that was set back must not lengthen the wait, even if this is
    // asked again and again.
    hold(lane) {
      const time = now();
      const found = pauseOf(lane);
      heldUntil = Math.min(heldUntil, time + longestWait);
      if (found) found.probeAt = Math.min(found.probeAt, time + probeEvery);
      return Math.max(heldUntil, found?.probeAt ?? 0) - time;
    },
    paused: lane => pauseOf(lane)?.cause,
    grant: wanted => rate.grant(wanted, now()),
    giveBack: rate.giveBack,
    probed(lane) {
      const found = pauseOf(lane);
      if (found) found.probeAt = nextProbe(found.cause);
    },
    learn(lane, verdict) {
      if (verdict.kind === 'paused') return pause(lane, verdict.cause);
      if (verdict.kind === 'later') {
        const { loud, status } = verdict;
        rate.slower(now(), status !== undefined && !overloaded.includes(status));
        if (verdict.wait) heldUntil = Math.max(heldUntil, now() + verdict.wait);
        if (loud) loudly(() => log.error({ status }, loud));
        return;
      }
      goOn(lane);
      if (pauses.get('event')?.cause === 'unauthorized') goOn('event');
      if (verdict.kind === 'accepted') {
        rate.faster();
        if (verdict.duplicate) metrics.count('duplicates_reported');
      }
    },
    rate: rate.current,
  };
};
