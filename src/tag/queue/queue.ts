import type { EventRecord } from '../../protocol/types';
import { leastWorth } from './worth';

/** A tracked event with its place in the order: pages sort by the time they began, events by their number in the page. */
export interface Kept extends EventRecord {
  /** Version of this record's form: a newer tag delivers what an older one has kept. */
  v: 1;
  page: string;
  seq: number;
}

/** What the queue needs of the store. */
interface Shelf {
  put(key: IDBValidKey, value: unknown): void;
  remove(from: IDBValidKey, to: IDBValidKey): void;
}

/** The first part of the keys under which events are kept. */
export const EVENT = 'e';

const keyOf = ({ page, seq }: Kept) => [EVENT, page, seq];
const byOrder = (a: Kept, b: Kept) => (a.page < b.page ? -1 : a.page > b.page ? 1 : a.seq - b.seq);

/**
 * The events that nobody has accepted yet, in the order they happened. An event is kept from the task of its call and
 * removed by its id. A full queue gives up what is worth least, and says so.
 *
 * @param most how many events are kept
 */
export const createQueue = (page: string, shelf: Shelf, most: number, onDropped: (event: Kept) => void) => {
  const kept = new Map<string, Kept>();
  let seq = 0;

  const events = () => [...kept.values()].sort(byOrder);

  const settle = (ids: string[]) => {
    const gone = ids.flatMap(id => kept.get(id) ?? []).sort(byOrder);
    let first = gone[0];
    for (const [at, event] of gone.entries()) {
      kept.delete(event.id);
      const following = gone[at + 1];
      if (following?.page === event.page && following.seq === event.seq + 1) continue;
      shelf.remove(keyOf(first!), keyOf(event));
      first = following;
    }
  };

  const trim = () => {
    if (kept.size <= most) return;
    const dropped = leastWorth(events(), kept.size - most);
    settle(dropped.map(({ id }) => id));
    dropped.forEach(onDropped);
  };

  return {
    /** Gives up what is too much. */
    trim,

    add(record: EventRecord): void {
      const event: Kept = { v: 1, ...record, page, seq: seq++ };
      kept.set(event.id, event);
      shelf.put(keyOf(event), event);
      trim();
    },

    /** Gives events to another anonymous id: who was here when they were tracked is known only now. */
    restamp(from: string, to: string, events: Iterable<Kept> = kept.values()): void {
      for (const event of events) {
        if (event.anonymousId !== from) continue;
        event.anonymousId = to;
        shelf.put(keyOf(event), event);
      }
    },

    /** Takes over what an earlier page left. */
    adopt: (event: Kept): unknown => kept.set(event.id, event),

    /** Leaves to another page what this one has adopted. */
    leave: (id: string): unknown => kept.delete(id),

    has: (id: string): boolean => kept.has(id),

    size: (): number => kept.size,

    /** Everything this page knows of, oldest page first. */
    events,

    /** Forgets events that were accepted, or refused for good. */
    settle,
  };
};

export type Queue = ReturnType<typeof createQueue>;
