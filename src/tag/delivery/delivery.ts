import { byteLength } from '../../protocol/size';
import type { Envelope, IngestAnswer } from '../../protocol/types';
import { whenIdle } from '../browser/idle';
import type { Kept, Queue } from '../queue/queue';
import type { Emit } from '../types';
import { backoff, LONGEST } from './backoff';
import { next, type Signal, type State } from './states';
import { createSuspects } from './suspects';
import { createTabs, GONE } from './tabs';
import type { Verdict, Wire } from './wire';

/** Keepalive and beacon bodies in flight share 64 KiB (https://fetch.spec.whatwg.org/#http-network-or-cache-fetch). */
const MOST_BYTES = 60_000;

/** Ids that one request may ask about, and the bytes that one takes. */
const MOST_ASKED = 200;
const ID_BYTES = 40;

/** A burst of this many events is not gathered any longer. */
const BURST = 50;

/** Failures without an answer, while the browser says it is online, before we call ourselves blocked. */
const SILENCES = 4;

/** How often to try when blocked, in milliseconds, give or take half. */
const PROBE = 600_000;

interface Needs {
  queue: Queue;
  wire: Wire;
  /** The page these events are tracked on: its own events need no lock. */
  page: string;
  /** How long a burst is gathered before it is sent, in milliseconds. */
  delay: number;
  /** The event as it leaves, with whoever is known by now. */
  envelope(event: Kept): Envelope;
  /** Whether an event must stay here until its visitor is known. */
  held(event: Kept): boolean;
  /** Makes sure that what is known of these visitors is up to date; answers when the endpoint wants to be asked again. */
  recall(anonymousIds: string[]): Promise<number>;
  /** Keeps for all tabs when the endpoint wants to be asked again; 0 for no time at all. */
  postpone(until: number): void;
  /** What earlier pages have left, read anew. */
  orphans(): Promise<Kept[]>;
  emit: Emit;
}

const idsOf = (events: { id: string }[]) => events.map(({ id }) => id);

/**
 * Hands the queue's events to the endpoint, one request at a time, and removes what it accepted, by id. What may have
 * arrived without our knowing is asked about before it is sent again. ARCHITECTURE.md draws the states.
 *
 * @param earlier what earlier pages have left; undefined when nobody has looked: the first request begins with that
 */
export const createDelivery = (needs: Needs, earlier: Kept[] | undefined) => {
  const { queue, wire, page, delay, envelope, held, recall, postpone, orphans, emit } = needs;
  let state: State = 'idle';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let looking: ReturnType<typeof setTimeout> | undefined;
  let flight: Promise<void> | undefined;
  /** Ids on their way, as far as is known. */
  let flying: string[] = [];
  /** Ids that may have arrived. */
  const doubt = new Set<string>();
  let failures = 0;
  let silences = 0;
  /** When the endpoint wants to be asked again, as this page knows it. */
  let notBefore = 0;
  const suspects = createSuspects(wire.most);
  const tabs = createTabs(page);

  const move = (signal: Signal) => {
    const to = next(state, signal);
    if (to === state) return;
    state = to;
    clearTimeout(timer);
    timer = undefined;
    if (state === 'idle') soon();
    else if (state === 'sending') {
      tabs.claim();
      flight ??= fly();
    } else if (state === 'waiting') wake(wait() + backoff(failures));
    else if (state === 'blocked') wake(PROBE * (0.5 + Math.random()));
    else {
      tabs.leave();
      if (state === 'leaving') leave();
      else clearTimeout(looking);
    }
  };

  /** How long the endpoint wants to be left alone. More than it may ask for is of a clock that was set back since. */
  const wait = () => {
    const left = notBefore - Date.now();
    return left > 0 && left <= LONGEST ? left : 0;
  };

  const wake = (after: number) => {
    timer ??= setTimeout(whenIdle, after, () => move('due'));
  };

  /** The events that may leave, oldest page first. */
  const ready = () => suspects.last(queue.events().filter(event => !held(event)));

  const isOurs = (event: Kept) => event.page === page;

  /** Sends a burst together: after a short delay, or at once when there is much. */
  const soon = () => {
    const burst = queue.size() === BURST;
    if (timer && !burst) return;
    if (!queue.events().some(isOurs)) tabs.release();
    const { length } = ready();
    if (burst) timer = clearTimeout(timer) as undefined;
    if (length || !earlier) wake(length < BURST ? delay : 0);
  };

  const fly = async () => {
    const signal = await send().catch((): Signal => 'failed');
    flight = undefined;
    move(signal);
  };

  const send = async (): Promise<Signal> => {
    if (!earlier) await lookBack();
    const visitors = new Set(queue.events().map(event => event.anonymousId));
    notBefore = Math.max(notBefore, await recall([...visitors]));
    if (wait()) return 'failed';
    // It has passed, or was never right: with the clock of another day it must not count again.
    if (notBefore) postpone((notBefore = 0));
    const others = idsOf(ready().filter(event => !isOurs(event) && !doubt.has(event.id)));
    return others.length ? tabs.lend(granted => request(granted ? others : [], others)) : request();
  };

  /** As many events as one request may carry, from the first on; encoded. */
  const batchOf = (events: Kept[], reserved: number, most: number) => {
    const ids: string[] = [];
    const encoded: string[] = [];
    let bytes = reserved;
    for (const event of events) {
      if (ids.length === most) break;
      const text = wire.encode(envelope(event));
      bytes += byteLength(text);
      if (ids.length && bytes > MOST_BYTES) break;
      ids.push(event.id);
      encoded.push(text);
    }
    return { ids, encoded };
  };

  /** One request; of earlier pages' events only those that are still there, and are ours to send. */
  const request = async (ours: string[] = [], others: string[] = []): Promise<Signal> => {
    const still = ours.length ? idsOf(await orphans()) : [];
    for (const id of others) if (!still.includes(id)) queue.leave(id);
    if (others.length && !ours.length) later();
    if (!ready().every(isOurs)) await tabs.look();
    // Meanwhile the page may have hidden, and given what it had to a beacon.
    if (state !== 'sending') return 'done';

    const events = ready();
    const asked = events.filter(({ id }) => doubt.has(id)).slice(0, MOST_ASKED);
    // What this page has in doubt must be settled first, or its later events would overtake it.
    const waits = asked.some(isOurs);
    const { ids, encoded } = batchOf(
      waits ? [] : events.filter(({ id }) => !doubt.has(id)),
      ID_BYTES * asked.length,
      suspects.most(asked.length),
    );
    if (!asked.length && !ids.length) return 'done';
    flying = ids;
    // A keepalive request fails when the shop's own have used up the budget: not a second time for that reason.
    const verdict = await wire.send(wire.body(encoded, idsOf(asked)), ids, !failures);
    flying = [];
    return settle(verdict, ids, asked);
  };

  const settle = (verdict: Verdict, ids: string[], asked: Kept[]): Signal => {
    if (verdict.kind === 'answered') {
      silences = 0;
      finish(verdict);
      suspects.answered(ids.some(id => verdict.accepted.includes(id)));
      for (const event of asked) {
        doubt.delete(event.id);
        // The relay does not have it, but its page may still be sending it.
        if (!isOurs(event) && queue.has(event.id) && !tabs.isGone(event)) {
          queue.leave(event.id);
          later();
        }
      }
      // An endpoint that answers without a word about an event does not have it.
      failures = ids.some(queue.has) ? failures + 1 : 0;
      return failures ? 'failed' : 'done';
    }
    if (verdict.kind === 'refused') {
      // A question that is refused is not asked again.
      for (const { id } of asked) doubt.delete(id);
      if (suspects.refused(ids, asked.length)) reject(ids[0]!, verdict.reason);
      return 'done';
    }
    failures++;
    queue.trim();
    if (verdict.kind === 'later') {
      silences = 0;
      if (verdict.forbidden && suspects.forbidden(ids, asked.length))
        reject(ids[0]!, 'forbidden (400, 403, 406)');
      if (verdict.wait) postpone((notBefore = Date.now() + verdict.wait));
      return 'failed';
    }
    // They stay on their way for a beacon to name: where a page may not come back, Chromium fails them before it hides.
    if (wire.asks) (flying = ids).forEach(doubt.add, doubt);
    if (!navigator.onLine || ++silences < SILENCES) return 'failed';
    if (silences === SILENCES) emit('blocked', { events: queue.size() });
    return 'silent';
  };

  const finish = ({ accepted, rejected }: IngestAnswer) => {
    const known = accepted.filter(queue.has);
    if (known.length) emit('accepted', { ids: known });
    for (const { id, reason } of rejected) emit('rejected', { id, reason });
    queue.settle([...accepted, ...idsOf(rejected)]);
  };

  const reject = (id: string, reason: string) => finish({ accepted: [], rejected: [{ id, reason }] });

  /** Offers this page's events to a beacon: what the browser takes at once. */
  const leave = () => {
    if (wait() || silences >= SILENCES) return;
    offer(ready().filter(event => isOurs(event) && !doubt.has(event.id) && !flying.includes(event.id)));
  };

  /**
   * One beacon, because several would arrive in any order; what does not fit stays here for the next visit. It may
   * overtake the request that is on its way, so it names what goes first. Where each event travels alone there is no order
   * to keep.
   */
  const offer = (events: Kept[]): void => {
    let { ids, encoded } = batchOf(events, ID_BYTES * flying.length, wire.most);
    while (ids[0] && !wire.beacon(wire.body(encoded, flying, 'after'))) {
      ids = ids.slice(0, ids.length >> 1);
      encoded = encoded.slice(0, ids.length);
    }
    if (!ids[0]) return;
    if (wire.asks) ids.forEach(doubt.add, doubt);
    else {
      finish({ accepted: ids, rejected: [] });
      offer(events.slice(1));
    }
  };

  /** Takes over what earlier pages have left by now. */
  const lookBack = async () => {
    await tabs.look();
    earlier = await orphans();
    adopt(earlier);
  };

  /** Looks again: pages that are alive now may be gone by then. */
  const later = () => {
    if (looking) return;
    looking = setTimeout(() => {
      looking = undefined;
      lookBack();
    }, GONE);
  };

  /** Takes over what earlier pages left; asks about it before sending any of it. */
  const adopt = (found: Kept[]) => {
    for (const event of found) {
      if (isOurs(event) || queue.has(event.id)) continue;
      // What is held has never left; what the endpoint cannot be asked about is its page's to send while it lives.
      if (!held(event) && wire.asks) doubt.add(event.id);
      if (held(event) || wire.asks || tabs.isGone(event)) queue.adopt(event);
      else later();
    }
    // What may have arrived is not too much yet.
    if (!doubt.size) queue.trim();
    if (state === 'idle') soon();
  };

  if (earlier?.length) tabs.look().then(() => adopt(earlier!));
  else soon();
  return {
    /** An event was added to the queue. */
    added(): void {
      if (state === 'idle') soon();
      else if (state === 'leaving') queueMicrotask(() => state === 'leaving' && leave());
    },

    /** The visitor is known now: what earlier pages have held may leave, once the relay does not have it yet. */
    identified(): void {
      for (const event of queue.events()) if (!isOurs(event) && wire.asks) doubt.add(event.id);
      if (state === 'idle') soon();
    },

    /** The page may be about to end. */
    hide: (): void => move('hide'),

    /** The page is seen again. */
    show(): void {
      if (state !== 'leaving') return;
      move(flight ? 'resume' : 'show');
    },

    /** The visitor allows it no more. */
    end: (): void => move('end'),

    /** The network may be back. */
    online(): void {
      if (state === 'waiting' || state === 'blocked') move('due');
    },

    /** Sends now what is queued; resolves when all of it has been answered, or at the first failure. */
    async flush(): Promise<void> {
      do {
        move('due');
        await flight;
      } while (state === 'idle' && ready().length);
    },
  };
};

export type Delivery = ReturnType<typeof createDelivery>;
