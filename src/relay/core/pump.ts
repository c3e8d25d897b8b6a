import type { Log } from './log';

/** Timers take at most 2^31 - 1 ms, and a clock may be set back while we sleep. */
const longestSleep = 60_000;

/** After a failure of our own database: how long until the next try, in ms. */
export const outboxRetry = 1_000;

/** Work that goes on as long as there is something to do, sleeps, and is woken. */
export interface Pump {
  start(): void;
  /** There may be something to do. */
  wake(): void;
  /** Wakes by itself after `wait` ms. */
  sleep(wait: number): void;
  stop(): void;
  stopped(): boolean;
}

/** Calls `work` when woken, never twice at the same time, and again when it was woken meanwhile. */
export const createPump = (work: () => Promise<void>, log: Log): Pump => {
  let stopped = true;
  let working = false;
  let again = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const sleep = (wait: number) => {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(wake, Math.min(Math.max(1, wait), longestSleep));
  };

  const wake = () => {
    if (working) again = true;
    else if (!stopped) void run();
  };

  const run = async () => {
    working = true;
    try {
      do {
        again = false;
        await work();
      } while (again && !stopped);
    } catch (error) {
      log.error({ err: String(error) }, 'The outbox cannot be read or written. Trying again every second.');
      sleep(outboxRetry);
    }
    working = false;
  };

  return {
    start() {
      stopped = false;
      wake();
    },
    wake,
    sleep,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
    stopped: () => stopped,
  };
};
