import { now } from '../browser/clock';

/** How often an event may be forbidden alone, a minute apart and with others that pass in between, before it is given up. */
const MOST_TIMES = 5;
const APART = 60_000;

/**
 * Finds the event for which a request is refused or forbidden: the next request carries half as many, until the event is
 * alone. A request with questions proves nothing against an event that went with them.
 *
 * @param largest how many events a request may carry when nothing is suspected
 */
export const createSuspects = (largest: number) => {
  let most = largest;
  /** Ids that were forbidden alone since something has passed. */
  let alone: string[] = [];
  /** How often an event was forbidden alone, and when last. */
  const counts = new Map<string, { times: number; at: number }>();

  const half = (ids: string[]) => ids.length >> 1 || largest;
  const isProven = (ids: string[], questions: number) => !(ids[1] || questions);

  return {
    /** How many events the next request may carry, beside so many questions. */
    most: (questions: number): number => (questions ? most : (most ||= largest)),

    /** What was forbidden alone waits for all others, until something has passed. */
    last<Item extends { id: string }>(events: Item[]): Item[] {
      const others = events.filter(({ id }) => !alone.includes(id));
      return others.length ? others : events;
    },

    /** A request was answered, and whether it had something of its own taken. */
    answered(taken: boolean): void {
      if (taken) alone = [];
      most = Math.min(2 * most || largest, largest);
    },

    /** A body will never be taken. Whether that is the fault of the one event in it. */
    refused(ids: string[], questions: number): boolean {
      most = half(ids);
      return isProven(ids, questions);
    },

    /**
     * A body was forbidden, which may be for what is in it or for who sends it. Whether the one event in it is to be given
     * up: it was forbidden again and again, and others passed.
     */
    forbidden(ids: string[], questions: number): boolean {
      most = questions ? 0 : half(ids);
      if (!isProven(ids, questions)) return false;
      const id = ids[0]!;
      const { times, at } = counts.get(id) ?? { times: 0, at: -APART };
      if (!alone.includes(id) && Math.abs(now() - at) >= APART) {
        if (times + 1 === MOST_TIMES) return true;
        counts.set(id, { times: times + 1, at: now() });
      }
      alone.push(id);
      return false;
    },
  };
};
