import { withoutUnfitLocators } from '../../protocol/locators';
import type { V2Event } from '../../protocol/types';
import { atMostEvery, type Log } from './log';
import type { Metrics } from './metrics';
import type { ClaimedRow, Lane, Outbox, Outcome } from './outbox';
import { createPatience } from './patience';
import type { Platform } from './platform';
import type { PlatformGate } from './platform-gate';
import { createPump } from './pump';
import { type Backoff, backoffWait, longestWait } from './retry';
import { createSettle } from './settle';
import type { Verdict } from './verdict';

/** What every lane is made of. */
export interface LaneOptions {
  outbox: Outbox;
  platform: Platform;
  gate: PlatformGate;
  log: Log;
  metrics: Metrics;
  now: () => number;
  random: () => number;
  backoff: Backoff;
}

/** One of the ways from the outbox to the platform. */
export interface RunningLane {
  start(): void;
  /** Something new may be due. */
  wake(): void;
  /** Takes nothing new. Resolves when nothing is on its way any more. */
  stop(): Promise<void>;
  /** Requests on their way. */
  inFlight(): number;
}

export interface SingleLaneOptions extends LaneOptions {
  lane: Exclude<Lane, 'history'>;
  /** How many visitors' rows may be on their way at once. */
  concurrency: number;
}

/** So often must rows be forbidden, and none taken for so long (in ms), until it is taken for the key's rights. */
export const oftenForbidden = 10;
const longForbidden = 10_000;

const setAside =
  'The platform fails at something again and again while it takes other things. It is still tried, but what its visitor did afterwards does not wait for it any longer.';

/** Sends rows one by one, those of a visitor in their order. */
export const createSingleLane = ({
  lane,
  outbox,
  platform,
  gate,
  log,
  metrics,
  now,
  random,
  backoff,
  concurrency,
}: SingleLaneOptions): RunningLane => {
  let inFlight = 0;
  let whenIdle: (() => void) | undefined;
  const loudly = atMostEvery(60_000, now);
  /** How often rows were forbidden (403) since something was taken, and when that was. */
  let forbidden = 0;
  let takenAt: number | undefined;
  const patience = createPatience(now);
  /** The last look at what is due. */
  let look: Promise<void> | undefined;

  const sendDue = async () => {
    while (!pump.stopped()) {
      // The quiet lanes are woken with every event: they look first, and take leave only for what they have.
      if (lane !== 'event' && !(await isDue(outbox, lane, now(), pump.sleep))) return;
      const hold = gate.hold(lane);
      if (hold > 0) return pump.sleep(hold);
      const free = (gate.paused(lane) ? 1 : concurrency) - inFlight;
      if (free <= 0) return;
      const { granted, wait } = gate.grant(free);
      if (!granted) return pump.sleep(wait);
      const rows = await outbox.claim(now(), granted, lane);
      gate.giveBack(granted - rows.length);
      if (rows.length) gate.probed(lane);
      inFlight += rows.length;
      for (const row of rows) void attempt(row);
      if (rows.length < granted) {
        const due = await outbox.nextDue(lane);
        if (due !== undefined) pump.sleep(due - now());
        return;
      }
    }
  };
  const pump = createPump(() => (look = sendDue()), log);
  const settle = createSettle(outbox, log, now, pump.stopped);

  const attempt = async (row: ClaimedRow) => {
    const verdict = await offer(row).catch((error: unknown): Verdict => {
      log.error(
        { id: row.id, type: row.type, err: String(error) },
        'An event could not be offered to the platform.',
      );
      return { kind: 'later', inDoubt: true };
    });
    metrics.count('forward_attempts', { lane, verdict: verdict.kind });
    const judged = judge(row, verdict);
    gate.learn(lane, judged);
    await settle(row, outcomeOf(row, judged, patience.isOver(row, judged)));
    inFlight--;
    if (pump.stopped() && !inFlight) whenIdle?.();
    pump.wake();
  };

  const timed = async (body: string) => {
    const begun = now();
    const verdict = await platform.post(body, lane);
    metrics.forwardSeconds(Math.max(0, now() - begun) / 1_000);
    return verdict;
  };

  const offer = async (row: ClaimedRow): Promise<Verdict> => {
    const first = await timed(row.body);
    if (lane !== 'event' || first.kind !== 'never' || first.status !== 400) return first;
    // The documents leave open whether a locator with a forbidden character is refused (DESIGN section 2).
    const fit = fitEvent(row.body);
    if (!fit) return first;
    const second = await timed(JSON.stringify(fit));
    metrics.count('locator_retries', { verdict: second.kind });
    log.warn(
      { id: row.id, type: row.type, verdict: second.kind },
      'The platform answered 400 to an event with a locator that breaks its character rule; sent once more without it.',
    );
    return second;
  };

  /**
   * What is forbidden while others are taken says nothing about the key: it waits, and only its own visitor for it. It may
   * be its content that a firewall before the platform dislikes.
   */
  const judge = ({ id, type, aside }: ClaimedRow, verdict: Verdict): Verdict => {
    if (verdict.kind === 'accepted') {
      takenAt = now();
      forbidden = 0;
    }
    if (verdict.kind !== 'paused' || verdict.cause !== 'forbidden') return verdict;
    // At what stands aside the platform failed while it took others: it says nothing of the key, however often.
    if (aside) return { kind: 'later', status: 403 };
    forbidden++;
    const isLong = takenAt === undefined || Math.abs(now() - takenAt) > longForbidden;
    const isOften = takenAt === undefined || forbidden >= oftenForbidden;
    if ((isLong && isOften) || gate.paused(lane)) return verdict;
    loudly(() =>
      log.warn(
        { id, type },
        'The platform forbids something (403) while it takes other things: a firewall before it may dislike the content. It is tried again later.',
      ),
    );
    return { kind: 'later', status: 403 };
  };

  const outcomeOf = (row: ClaimedRow, verdict: Verdict, aside: boolean): Outcome => {
    switch (verdict.kind) {
      case 'accepted':
        log.debug({ id: row.id, type: row.type }, 'forwarded');
        return { kind: 'forwarded' };
      case 'never':
        // Never the reason: the platform may quote the visitor in it.
        log.warn({ id: row.id, type: row.type, status: verdict.status }, refusedWords[lane]);
        return { kind: 'dead', reason: verdict.reason };
      case 'paused':
        return { kind: 'later', due: now(), uncounted: true };
      case 'later': {
        const { id, type, tries } = row;
        const { status, inDoubt, wait = 0 } = verdict;
        log.debug({ id, type, tries, status, inDoubt }, 'later');
        if (aside && !row.aside) log.warn({ id, type, tries, status }, setAside);
        // Of those there may come more and more: each is tried more and more seldom.
        const cap = aside ? Math.max(backoff.cap, longestWait) : backoff.cap;
        const due = now() + Math.max(wait, backoffWait(tries, { ...backoff, cap }, random));
        return { kind: 'later', due, inDoubt, aside };
      }
    }
  };

  return {
    start: pump.start,
    wake: pump.wake,
    async stop() {
      pump.stop();
      // What is being claimed now is sent, too: else it would be in doubt for nothing.
      await look?.catch(() => {});
      if (inFlight) await new Promise<void>(resolve => (whenIdle = resolve));
    },
    inFlight: () => inFlight,
  };
};

/** Whether a lane has something that is due; when it will have, it sleeps until then. */
export const isDue = async (
  outbox: Outbox,
  lane: Lane,
  now: number,
  sleep: (wait: number) => void,
): Promise<boolean> => {
  const due = await outbox.nextDue(lane);
  if (due === undefined) return false;
  // What seems due in the far future was stored before the clock was set back: the outbox decides.
  if (due <= now || due - now > longestWait) return true;
  sleep(due - now);
  return false;
};

const refusedWords: Record<Lane, string> = {
  event: 'The platform refused an event.',
  history: 'The platform refused a past event.',
  subscription:
    'The platform refused a subscription (400): it is among the dead letters, with the platform’s words.',
};

/** The event of a body without the locators that break the character rule; undefined when there is nothing to leave out. */
export const fitEvent = (body: string): V2Event | undefined => {
  try {
    return withoutUnfitLocators(JSON.parse(body) as V2Event);
  } catch {
    // A param that cannot be made a text. The refusal stands.
    return undefined;
  }
};
