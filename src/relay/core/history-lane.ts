import { hasLocator } from '../../protocol/locators';
import { pastEvents } from '../../protocol/rules.json';
import { atMostEvery } from './log';
import type { ClaimedRow, Outcome } from './outbox';
import { createPump } from './pump';
import { type Backoff, backoffWait } from './retry';
import { createSettle } from './settle';
import { fitEvent, isDue, type LaneOptions, oftenForbidden, type RunningLane } from './single-lane';
import type { Verdict } from './verdict';

export interface HistoryOptions {
  /** Writes a moment as the account's local minute: see `occurredIn`. Without it history waits. */
  occurred?: (at: number) => string;
  /** How long rows are retried that the platform refuses, from their arrival, in ms. Default 24 hours. */
  giveUpAfter?: number;
  /** How long a visitor waits whose rows were refused. Default a minute, then twice that, at most 15 minutes. */
  refusedBackoff?: Backoff;
}

/** What is said when history waits for the setting. */
export const timeZoneMissing =
  'PLATFORM_TIMEZONE: missing. Held events have become history and wait until it is set to the time zone of the platform account, such as Europe/Kyiv.';

const minute = 60_000;
const defaultRefusedBackoff: Backoff = { base: minute, cap: 15 * minute };

/** Read as strictly as it can be: decimal. */
const maxBytes = 1_000_000;

const head = '{"events":[';
const tail = ']}';
/** What a row adds beside its body: `,"occurred":"YYYY-MM-DDTHH:mm"` and the comma between two. */
const overhead = 40;

/** How many rows of a visitor are asked for alone until the rest of them waits for the next time. */
const probes = 4;

/**
 * Sends history in batches, one request at a time.
 *
 * A refused batch is halved until the refused rows are alone. The platform says 400 to one bad event as it does to a
 * contact that it does not know yet, and its words are not known, so nothing is read out of them: what was refused is
 * tried again until its time is over, and stands in the way of nothing else. When the first few rows of a visitor are
 * refused one by one, and none was taken, the contact is most likely unknown: the others wait without being asked for.
 */
export const createHistoryLane = ({
  outbox,
  platform,
  gate,
  log,
  metrics,
  now,
  random,
  backoff,
  occurred,
  giveUpAfter = 24 * 60 * minute,
  refusedBackoff = defaultRefusedBackoff,
}: LaneOptions & HistoryOptions): RunningLane => {
  const loudly = atMostEvery(60 * minute, now);
  let inFlight = 0;
  let working: Promise<void> | undefined;
  /** How many rows a batch may have: fewer after trouble that a smaller one may not have. */
  let limit: number = pastEvents.max;
  /** How often a row was forbidden alone since something was taken: a few times say nothing about the key. */
  let forbidden = oftenForbidden;
  /** Requests in a row that came to nothing. */
  let failures = 0;

  const sendDue = async () => {
    if (!occurred) {
      if ((await outbox.nextDue('history')) !== undefined) loudly(() => log.error({}, timeZoneMissing));
      return;
    }
    while (!pump.stopped()) {
      if (!(await isDue(outbox, 'history', now(), pump.sleep))) return;
      const hold = gate.hold('history');
      if (hold > 0) return pump.sleep(hold);
      const { granted, wait } = gate.grant(1);
      if (!granted) return pump.sleep(wait);
      const size = { maxBytes: maxBytes - head.length - tail.length, overhead };
      const rows = await outbox.claimHistory(now(), limit, size);
      if (!rows.length) {
        gate.giveBack(1);
        return pump.sleep(minute);
      }
      await sendRound(rows, occurred);
    }
  };
  const pump = createPump(() => (working = sendDue()), log);
  const settle = createSettle(outbox, log, now, pump.stopped);
  const settleAll = (rows: ClaimedRow[], outcomeOf: (row: ClaimedRow) => Outcome) =>
    // Written in one tick, so that all share a commit.
    Promise.all(rows.map(row => settle(row, outcomeOf(row))));

  /** One batch, and what becomes of it when it is refused. */
  const sendRound = async (batch: ClaimedRow[], toMinute: (at: number) => string) => {
    const tries = new Map(batch.map(row => [row.id, row.tries]));
    /** The batch came in the order in which its rows are to arrive: by visitor, and those of one moment as they came. */
    const inOrder = new Map(batch.map(({ id }, at) => [id, at]));
    // Rows that were refused before are halved in another order each time, so that no bad one hides the good ones
    // behind it for long.
    const place = new Map(batch.map(({ id, tries }, at) => [id, tries > 1 ? random() : at]));
    const refused = new Map<string, number>();
    const taken = new Set<string>();
    const dues = new Map<string, number>();
    const groups: ClaimedRow[][] = [];

    const isOver = (row: ClaimedRow) => now() - row.received >= giveUpAfter;
    /** All rows of a visitor come back together, so that they are one batch then. */
    const dueOf = ({ visitor }: ClaimedRow) => {
      const known = dues.get(visitor);
      if (known !== undefined) return known;
      const rows = batch.filter(row => row.visitor === visitor);
      const most = Math.max(...rows.map(row => row.tries));
      const { base, cap } = refusedBackoff;
      const bound = rows.some(isOver) ? cap : Math.min(cap, base * 2 ** Math.min(most - 1, 30));
      const due = now() + Math.round(bound / 2 + (random() * bound) / 2);
      dues.set(visitor, due);
      return due;
    };
    const afterRefusal = (row: ClaimedRow): Outcome => ({
      kind: 'later',
      due: dueOf(row),
      // However often it is sent in a round, it counts once.
      uncounted: row.tries > tries.get(row.id)!,
    });
    const isProbablyUnknown = (row: ClaimedRow) =>
      !isOver(row) && !taken.has(row.visitor) && (refused.get(row.visitor) ?? 0) >= probes;

    for (let rows = batch; ; ) {
      const verdict = await offer(rows, toMinute);
      switch (verdict.kind) {
        case 'accepted':
          for (const { visitor } of rows) taken.add(visitor);
          failures = 0;
          limit = Math.min(pastEvents.max, limit * 2);
          await settleAll(rows, () => ({ kind: 'forwarded' }));
          break;
        case 'never':
          failures = 0;
          if (rows.length > 1) {
            await settleAll(rows, afterRefusal);
            const order = [...rows].sort((a, b) => place.get(a.id)! - place.get(b.id)!);
            const middle = Math.ceil(order.length / 2);
            groups.push(order.slice(middle), order.slice(0, middle));
          } else {
            const [row] = rows as [ClaimedRow];
            refused.set(row.visitor, (refused.get(row.visitor) ?? 0) + 1);
            await settle(row, alone(row, tries.get(row.id)!, verdict, afterRefusal));
          }
          break;
        case 'paused': {
          // A firewall before the platform may dislike the content of one row: the next probes are smaller, until it is
          // alone, and others come before it.
          const due = now() + (rows.length === 1 ? refusedBackoff.base : 0);
          if (verdict.cause === 'forbidden') limit = Math.max(1, Math.floor(rows.length / 2));
          await settleAll(rows, () => ({ kind: 'later', due, uncounted: true }));
          return;
        }
        case 'later': {
          failures++;
          // Trouble of the platform with one row, or with many, must not keep the others from it.
          if (verdict.inDoubt) limit = Math.max(1, Math.floor(rows.length / 2));
          const due = now() + Math.max(verdict.wait ?? 0, backoffWait(failures, backoff, random));
          const { inDoubt } = verdict;
          await settleAll(rows, () => ({ kind: 'later', due, inDoubt, uncounted: true }));
          return;
        }
      }
      const next = await nextGroup(groups, inOrder, isProbablyUnknown);
      if (!next) return;
      rows = next;
    }
  };

  /** What becomes of a row that was refused alone. It has a second chance: its contact may have been late as well. */
  const alone = (
    row: ClaimedRow,
    tries: number,
    { status, reason }: Verdict & { kind: 'never' },
    afterRefusal: (row: ClaimedRow) => Outcome,
  ): Outcome => {
    const { id, type } = row;
    if (tries < 2 || now() - row.received < giveUpAfter) {
      log.debug({ id, type, tries, status }, 'refused for now');
      return afterRefusal(row);
    }
    // Never the reason: the platform may quote the visitor in it.
    log.warn({ id, type, status }, 'The platform refused a past event until its time was over.');
    return { kind: 'dead', reason };
  };

  /** Claims the next group that is worth asking for, once the platform may be asked; undefined when the round is over. */
  const nextGroup = async (
    groups: ClaimedRow[][],
    inOrder: Map<string, number>,
    isProbablyUnknown: (row: ClaimedRow) => boolean,
  ): Promise<ClaimedRow[] | undefined> => {
    for (let group = groups.pop(); group; group = groups.pop()) {
      const wanted = group.filter(row => !isProbablyUnknown(row));
      if (!wanted.length) continue;
      if (!(await leave())) return undefined;
      const ids = wanted.map(row => row.id).sort((a, b) => inOrder.get(a)! - inOrder.get(b)!);
      const rows = await outbox.claimThese(ids);
      if (rows.length) return rows;
      gate.giveBack(1);
    }
    return undefined;
  };

  /** Whether a request may be sent, after a short wait for the rate. What is left waits in the outbox. */
  const leave = async (): Promise<boolean> => {
    for (;;) {
      if (pump.stopped() || gate.hold('history') > 0) return false;
      const { granted, wait } = gate.grant(1);
      if (granted) return true;
      await new Promise(resolve => setTimeout(resolve, wait));
    }
  };

  const offer = async (rows: ClaimedRow[], toMinute: (at: number) => string): Promise<Verdict> => {
    inFlight = 1;
    gate.probed('history');
    const verdict = await post(rows, toMinute).catch((error: unknown): Verdict => {
      log.error({ count: rows.length, err: String(error) }, 'History could not be offered to the platform.');
      return { kind: 'later', inDoubt: true };
    });
    inFlight = 0;
    metrics.count('forward_attempts', { lane: 'history', verdict: verdict.kind }, rows.length);
    log.debug({ count: rows.length, verdict: verdict.kind }, 'history');
    if (verdict.kind === 'accepted') forbidden = 0;
    const isForbidden = verdict.kind === 'paused' && verdict.cause === 'forbidden';
    if (isForbidden && rows.length === 1 && forbidden < oftenForbidden) {
      forbidden++;
      return { kind: 'never', status: 403, reason: 'forbidden (403)' };
    }
    gate.learn('history', verdict);
    return verdict;
  };

  const post = async (rows: ClaimedRow[], toMinute: (at: number) => string): Promise<Verdict> => {
    const items = rows.map(({ body, at }) => withMinute(body, toMinute(at)));
    const first = await timed(items);
    if (rows.length > 1 || first.kind !== 'never' || first.status !== 400) return first;
    // As with events: once more without a locator that breaks the character rule, if another one is left.
    const fit = fitEvent(rows[0]!.body);
    if (!fit || !hasLocator(fit.params)) return first;
    const second = await timed([withMinute(JSON.stringify(fit), toMinute(rows[0]!.at))]);
    metrics.count('locator_retries', { verdict: second.kind });
    return second;
  };

  const timed = async (items: string[]): Promise<Verdict> => {
    const begun = now();
    const verdict = await platform.post(head + items.join(',') + tail, 'history');
    metrics.forwardSeconds(Math.max(0, now() - begun) / 1_000);
    return verdict;
  };

  return {
    start: pump.start,
    wake: pump.wake,
    async stop() {
      pump.stop();
      await working?.catch(() => {});
    },
    inFlight: () => inFlight,
  };
};

/** A stored body with its minute: it is the text of an object that is not empty. */
const withMinute = (body: string, minute: string) => `${body.slice(0, -1)},"occurred":"${minute}"}`;
