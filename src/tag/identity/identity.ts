import type { Person } from '../../protocol/types';
import { isSamePerson } from './same-person';

/** What the table needs of the store, and of the anonymous id. */
interface Shelf {
  put(key: IDBValidKey, value: unknown): void;
}
interface Visitor {
  id(): string;
  renew(): string;
}

/** The first part of the keys under which people are kept. */
export const PERSON = 'p';

/**
 * The table `anonymousId → person`. Events name their anonymous id, so that what was tracked before `identify()` leaves
 * with it; another person begins another anonymous id, so that two people are never merged.
 */
export const createIdentity = (shelf: Shelf, visitor: Visitor) => {
  const people = new Map<string, Person>();

  return {
    /** Who is behind an anonymous id, as far as anyone said. */
    person: (anonymousId: string): Person | undefined => people.get(anonymousId),

    /** A row of the table as it was kept. */
    load: (anonymousId: string, person: Person): unknown => people.set(anonymousId, person),

    /** Takes what the shop says of the visitor. True when that is news. */
    identify(told: Person): boolean {
      const known = people.get(visitor.id()) ?? {};
      const same = isSamePerson(known, told);
      const person = same ? { ...known, ...told } : told;
      if (JSON.stringify(person) === JSON.stringify(known)) return false;
      const id = same ? visitor.id() : visitor.renew();
      people.set(id, person);
      shelf.put([PERSON, id], person);
      return true;
    },
  };
};
