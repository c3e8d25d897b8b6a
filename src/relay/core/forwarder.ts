import { createHistoryLane, type HistoryOptions } from './history-lane';
import type { Log } from './log';
import type { Metrics } from './metrics';
import type { Lane, Outbox } from './outbox';
import type { Platform } from './platform';
import { createPlatformGate, type PauseCause } from './platform-gate';
import type { PlatformRateOptions } from './platform-rate';
import { type Backoff, defaultBackoff } from './retry';
import { createSingleLane } from './single-lane';

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
  /** How the history of held visitors is sent. Without its time zone it waits. */
  history?: HistoryOptions;
}

/** Takes due rows out of the outbox and offers each to the platform, until told to stop. */
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
  /** Why no event is sent until a probe succeeds: 401 is `unauthorized` and pauses every lane, 403 is `forbidden`. */
  paused?: PauseCause;
  /** Which lanes are paused, and why. */
  pausedLanes: { [Name in Lane]?: PauseCause };
  /** Requests a second that the platform is offered at most, at present. */
  rate: number;
  /** Requests on their way. */
  inFlight: number;
}

/** The three lanes over one gate, as one thing to be started and stopped. */
export const createForwarder = ({
  outbox,
  platform,
  log,
  metrics,
  now = Date.now,
  random = Math.random,
  concurrency = 8,
  rate,
  backoff = defaultBackoff,
  probeEvery = 60_000,
  history = {},
}: ForwarderOptions): Forwarder => {
  const gate = createPlatformGate({ log, metrics, now, rate, probeEvery });
  const shared = { outbox, platform, gate, log, metrics, now, random, backoff };
  const lanes = [
    createSingleLane({ ...shared, lane: 'event', concurrency }),
    createHistoryLane({ ...shared, ...history }),
    // A visitor waits for the mail that confirms it, but a form is filled in now and then.
    createSingleLane({ ...shared, lane: 'subscription', concurrency: 2 }),
  ];
  const inFlight = () => lanes.reduce((sum, lane) => sum + lane.inFlight(), 0);

  const pausedLanes = () => {
    const found: ForwarderState['pausedLanes'] = {};
    for (const lane of ['event', 'history', 'subscription'] as const) {
      const cause = gate.paused(lane);
      if (cause) found[lane] = cause;
    }
    return found;
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
      for (const lane of lanes) lane.start();
    },
    wake() {
      for (const lane of lanes) lane.wake();
    },
    async stop(grace) {
      let giveUp: ReturnType<typeof setTimeout> | undefined;
      const stopped = Promise.all(lanes.map(lane => lane.stop()));
      await Promise.race([stopped, new Promise(resolve => (giveUp = setTimeout(resolve, grace)))]);
      clearTimeout(giveUp);
      if (inFlight())
        log.warn(
          { inFlight: inFlight() },
          'Stopped before the platform answered: the next start counts these as in doubt.',
        );
    },
    state: () => ({
      paused: gate.paused('event'),
      pausedLanes: pausedLanes(),
      rate: gate.rate(),
      inFlight: inFlight(),
    }),
  };
};
