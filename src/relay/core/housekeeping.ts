import type { Log } from './log';
import type { Outbox } from './outbox';

export interface HousekeepingOptions {
  outbox: Outbox;
  log: Log;
  now: () => number;
  /** A clock that nobody sets, in ms. Default the process' own. */
  steady?: () => number;
  /** How long settled rows are kept, in days. */
  retentionDays: number;
  /** An event waiting longer than this many seconds is worth an alarm. */
  alarmSeconds: number;
}

/** What is said when nothing more can be stored. */
export const outboxFull =
  'OUTBOX: its disk is nearly full. No event is taken until there is room: pages keep theirs, and what is stored still leaves.';

const day = 24 * 60 * 60_000;
const checkEvery = 30_000;
const pruneEvery = 60 * 60_000;
/** Small, so that no commit keeps ingest waiting. */
const batch = 500;

/** Removes what is older than the retention, hour by hour, and watches the outbox's age. */
export const createHousekeeping = ({
  outbox,
  log,
  now,
  steady = () => performance.now(),
  retentionDays,
  alarmSeconds,
}: HousekeepingOptions) => {
  let timers: ReturnType<typeof setInterval>[] = [];
  let alarmed = false;
  let wasFull = false;
  let stopped = false;

  const prune = async () => {
    try {
      let removed = 0;
      for (let some = batch; some >= batch && !stopped; removed += some) {
        some = await outbox.prune(now() - retentionDays * day, now(), batch);
      }
      if (removed) log.info({ removed }, 'Removed what was older than the retention.');
    } catch (error) {
      log.error({ err: String(error) }, 'Old rows could not be removed. Trying again in an hour.');
    }
  };

  /** How far the clock is ahead of the one that nobody sets. */
  const offset = () => now() - steady();
  let lastOffset = 0;

  /** One wrong look at the clock must not give up what waits: only what is as old an hour later is. */
  const pruneHourly = async () => {
    const jumped = Math.abs(offset() - lastOffset) > pruneEvery;
    lastOffset = offset();
    if (jumped)
      log.warn({}, 'The clock was set anew, or stood still. Nothing is removed before the next hour.');
    else await prune();
  };

  /** Dead letters are of use to nobody but an operator: on a full disk they go, so that events are taken again. */
  const makeRoom = async () => {
    let erased = 0;
    while (outbox.isFull?.() && !stopped) {
      const some = await outbox.eraseDead(now());
      if (!some) break;
      erased += some;
    }
    if (erased)
      log.warn({ erased }, 'The disk is nearly full: the oldest dead letters were erased. Their ids stay.');
  };

  /** Says once when the oldest event is too old or the disk full, and once when it is not any more. */
  const watch = async () => {
    try {
      const { oldest, waiting } = await outbox.counts();
      const oldestSeconds = oldest === undefined ? 0 : Math.round((now() - oldest) / 1_000);
      const tooOld = oldestSeconds > alarmSeconds;
      if (tooOld && !alarmed)
        log.error({ oldestSeconds, waiting }, 'Outbox alarm: events do not reach the platform.');
      if (!tooOld && alarmed) log.info({ waiting }, 'Outbox alarm over: events reach the platform again.');
      alarmed = tooOld;
      await makeRoom();
      const isFull = outbox.isFull?.() ?? false;
      if (isFull && !wasFull) log.error({}, outboxFull);
      if (!isFull && wasFull) log.info({}, 'OUTBOX: there is room again. Events are taken.');
      wasFull = isFull;
    } catch (error) {
      log.error({ err: String(error) }, 'The outbox does not answer.');
    }
  };

  return {
    start() {
      stopped = false;
      lastOffset = offset();
      // Not at once: what has waited while the relay was off is offered first.
      timers = [setInterval(watch, checkEvery), setInterval(pruneHourly, pruneEvery)];
    },
    stop() {
      stopped = true;
      timers.forEach(clearInterval);
    },
    watch,
    prune,
  };
};
