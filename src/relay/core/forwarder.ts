import { withoutUnfitLocators } from '../../protocol/locators';
import type { V2Event } from '../../protocol/types';
import { atMostEvery, type Log } from './log';
import type { Metrics } from './metrics';
import type { ClaimedRow, Outbox, Outcome } from './outbox';
import type { Platform } from './platform';
import { createPlatformRate, type PlatformRateOptions } from './platform-rate';
import { type Backoff, backoffWait, defaultBackoff, longestWait } from './retry';
import type { Verdict } from './verdict';

export interface ForwarderOptions {
  outbox: Outbox;
  platform: Platform;
  log: Log;
  metrics: Metrics;
  now?: () => number;
  /** Default `Math.random`. */
  random?: () => number;
  /** How many visitors' events may be on their way at once. Default 8. */
  concurrency?: number;
  rate?: PlatformRateOptions;
  backoff?: Backoff;
  /** How often a paused platform is tried with one event, in ms. Default 60,000. */
  probeEvery?: number;
}

/** Takes due events out of the outbox and offers each to the platform, until told to stop. */
export interface Forwarder {
  /** Begins. What an earlier process left on its way is in doubt and goes again. */
  start(): Promise<void>;
  /** Something new may be due. */
  wake(): void;
  /** Takes nothing new and waits up to `grace` ms for what is on its way. */
  stop(grace: number): Promise<void>;
  state(): ForwarderState;
}

export interface ForwarderState {
  /** Why nothing is sent until a probe succeeds: 401 is `unauthorized`, 403 is `forbidden`. */
  paused?: 'unauthorized' | 'forbidden';
  /** Requests a second that the platform is offered at most, at present. */
  rate: number;
  /** Requests on their way. */
  inFlight: number;
}

const pauseWords = {
  unauthorized:
    'The platform refuses the key (401). Nothing is forwarded until it is accepted: check PLATFORM_API_KEY or PLATFORM_TOKEN. Events are kept.',
  forbidden:
    'The platform forbids this key to generate events (403). Nothing is forwarded until it may: check the rights of the key. Events are kept.',
};

/** After a failure of our own database: how long until the next try, in ms. */
const outboxRetry = 1_000;

/** Timers take at most 2^31 - 1 ms, and a clock may be set back while we sleep. */
const longestSleep = 60_000;

export const createForwarder = ({
  outbox,
  platform,
  log,
  metrics,
  now = Date.now,
  random = Math.random,
  concurrency = 8,
  rate: rateOptions,
  backoff = defaultBackoff,
  probeEvery = 60_000,
}: ForwarderOptions): Forwarder => {
  const rate = createPlatformRate(rateOptions);
  const loudly = atMostEvery(60_000, now);
  let inFlight = 0;
  let stopped = true;
  let pumping = false;
  let again = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** The platform asked to be left alone until then. */
  let heldUntil = 0;
  let paused: ForwarderState['paused'];
  let probeAt = 0;
  let whenIdle: (() => void) | undefined;

  const sleep = (wait: number) => {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(wake, Math.min(Math.max(1, wait), longestSleep));
  };

  const wake = () => {
    if (pumping) again = true;
    else if (!stopped) void pump();
  };

  const pump = async () => {
    pumping = true;
    try {
      do {
        again = false;
        await sendDue();
      } while (again && !stopped);
    } catch (error) {
      log.error({ err: String(error) }, 'The outbox cannot be read or written. Trying again every second.');
      sleep(outboxRetry);
    }
    pumping = false;
  };

  const sendDue = async () => {
    while (!stopped) {
      // Capped: a clock that was set back must not lengthen the wait.
      const hold = Math.min(Math.max(heldUntil, paused ? probeAt : 0) - now(), longestWait);
      if (hold > 0) return sleep(hold);
      const free = (paused ? 1 : concurrency) - inFlight;
      if (free <= 0) return;
      const { granted, wait } = rate.grant(free, now());
      if (!granted) return sleep(wait);
      const rows = await outbox.claim(now(), granted);
      rate.giveBack(granted - rows.length);
      if (paused && rows.length) probeAt = now() + probeEvery;
      inFlight += rows.length;
      for (const row of rows) void attempt(row);
      if (rows.length < granted) {
        const due = await outbox.nextDue();
        if (due !== undefined) sleep(due - now());
        return;
      }
    }
  };

  const attempt = async (row: ClaimedRow) => {
    const verdict = await offer(row).catch((error: unknown): Verdict => {
      log.error(
        { id: row.id, type: row.type, err: String(error) },
        'An event could not be offered to the platform.',
      );
      return { kind: 'later', inDoubt: true };
    });
    metrics.count('forward_attempts', { verdict: verdict.kind });
    learn(verdict);
    await settle(row, outcomeOf(row, verdict));
    inFlight--;
    if (stopped && !inFlight) whenIdle?.();
    wake();
  };

  const timed = async (body: string) => {
    const begun = now();
    const verdict = await platform.post(body);
    metrics.forwardSeconds(Math.max(0, now() - begun) / 1_000);
    return verdict;
  };

  const offer = async (row: ClaimedRow): Promise<Verdict> => {
    const first = await timed(row.body);
    if (first.kind !== 'never' || first.status !== 400) return first;
    // The documents leave open whether a locator with a forbidden character is refused (DESIGN section 2).
    const fit = withoutUnfit(row);
    if (!fit) return first;
    const second = await timed(JSON.stringify(fit));
    metrics.count('locator_retries', { verdict: second.kind });
    log.warn(
      { id: row.id, type: row.type, verdict: second.kind },
      'The platform answered 400 to an event with a locator that breaks its character rule; sent once more without it.',
    );
    return second;
  };

  const withoutUnfit = ({ body }: ClaimedRow): V2Event | undefined => {
    try {
      return withoutUnfitLocators(JSON.parse(body) as V2Event);
    } catch {
      // A param that cannot be made a text. The refusal stands.
      return undefined;
    }
  };

  /** What a verdict says about the platform as a whole. */
  const learn = (verdict: Verdict) => {
    if (verdict.kind === 'paused') {
      if (paused !== verdict.cause) log.error({ cause: verdict.cause }, pauseWords[verdict.cause]);
      if (!paused) probeAt = now() + probeEvery;
      paused = verdict.cause;
      return;
    }
    if (verdict.kind === 'later') {
      rate.slower(now());
      if (verdict.wait) heldUntil = Math.max(heldUntil, now() + verdict.wait);
      const { loud, status } = verdict;
      if (loud) loudly(() => log.error({ status }, loud));
      return;
    }
    if (paused) log.info({ cause: paused }, 'The platform takes events again. Forwarding goes on.');
    paused = undefined;
    if (verdict.kind === 'accepted') {
      rate.faster();
      if (verdict.duplicate) metrics.count('duplicates_reported');
    }
  };

  const outcomeOf = (row: ClaimedRow, verdict: Verdict): Outcome => {
    switch (verdict.kind) {
      case 'accepted':
        log.debug({ id: row.id, type: row.type }, 'forwarded');
        return { kind: 'forwarded' };
      case 'never':
        // Never the reason: the platform may quote the visitor in it.
        log.warn({ id: row.id, type: row.type, status: verdict.status }, 'The platform refused an event.');
        return { kind: 'dead', reason: verdict.reason };
      case 'paused':
        return { kind: 'later', due: now(), uncounted: true };
      case 'later': {
        const due = now() + Math.max(verdict.wait ?? 0, backoffWait(row.tries, backoff, random));
        const { id, type, tries } = row;
        log.debug({ id, type, tries, status: verdict.status, inDoubt: verdict.inDoubt }, 'later');
        return { kind: 'later', due, inDoubt: verdict.inDoubt };
      }
    }
  };

  /** A verdict must not be lost while the process lives: the row would stay `sending`. */
  const settle = async (row: ClaimedRow, outcome: Outcome) => {
    for (;;) {
      try {
        return await outbox.settle(row, outcome, now());
      } catch (error) {
        log.error(
          { id: row.id, err: String(error) },
          'A verdict could not be written. Trying again every second.',
        );
        if (stopped) return;
        await new Promise(resolve => setTimeout(resolve, outboxRetry));
      }
    }
  };

  return {
    async start() {
      const inDoubt = await outbox.recover(now());
      if (inDoubt.length) {
        log.warn(
          { ids: inDoubt.slice(0, 100), count: inDoubt.length },
          'The last process ended while these were on their way: the platform may have them. They are sent again.',
        );
      }
      stopped = false;
      wake();
    },
    wake,
    async stop(grace) {
      stopped = true;
      clearTimeout(timer);
      if (!inFlight) return;
      let giveUp: ReturnType<typeof setTimeout> | undefined;
      await new Promise<void>(resolve => {
        whenIdle = resolve;
        giveUp = setTimeout(resolve, grace);
      });
      clearTimeout(giveUp);
      if (inFlight)
        log.warn(
          { inFlight },
          'Stopped before the platform answered: the next start counts these as in doubt.',
        );
    },
    state: () => ({ paused, rate: rate.current(), inFlight }),
  };
};
