import type { Person } from '../../protocol/types';
import { isSamePerson } from './same-person';

/** What the table needs of the store, and of the anonymous id. */
interface Shelf {
  put(key: IDBValidKey, value: unknown): void;
  remove(key: IDBValidKey): void;
}
interface Visitor {
  id(): string;
  renew(): string;
}

/** A change of identity that was asked for before the table was read. Without a person it is a reset. */
interface Early {
  /** The anonymous id under which events are tracked meanwhile. */
  id: string;
  person?: Person;
  learned?: () => void;
}

/** The first part of the keys under which people are kept. */
export const PERSON = 'p';

/**
 * The table `anonymousId → person`. Events name their anonymous id, so that what was tracked before `identify()` leaves
 * with it; another person begins another anonymous id, so that two people are never merged.
 *
 * Until the table has been read nobody can say whether `identify()` names the same person as before. What is tracked
 * meanwhile goes to an anonymous id of its own, with a row of its own: a page that dies before the answer has put
 * nothing on the wrong person.
 */
export const createIdentity = (shelf: Shelf, visitor: Visitor, makeId: () => string) => {
  const people = new Map<string, Person>();
  let early: Early[] | undefined = [];

  const keep = (id: string, person: Person) => {
    people.set(id, person);
    shelf.put([PERSON, id], person);
  };

  const identify = (told: Person, learned: (another: boolean) => void): string => {
    const id = visitor.id();
    const known = people.get(id) ?? {};
    const same = isSamePerson(known, told);
    const person = same ? { ...known, ...told } : told;
    if (JSON.stringify(person) === JSON.stringify(known)) return id;
    const own = same ? id : visitor.renew();
    keep(own, person);
    learned(!same);
    return own;
  };

  return {
    /** The anonymous id that is tracked for now. */
    id: (): string => (early?.length ? early[early.length - 1]!.id : visitor.id()),

    /** Who is behind an anonymous id, as far as anyone said. */
    person: (anonymousId: string): Person | undefined => people.get(anonymousId),

    /** Takes what the shop says of the visitor; `learned` is told when that is news, at once or when the table was read. */
    identify(told: Person, learned: (another: boolean) => void): void {
      if (!early) {
        identify(told, learned);
        return;
      }
      const id = makeId();
      early.push({ id, person: told, learned: learned as () => void });
      keep(id, told);
    },

    /** The visitor signed out, or somebody else may sit here now: a new anonymous id begins. */
    reset(): void {
      if (early) early.push({ id: makeId() });
      else visitor.renew();
    },

    /**
     * The table as it was kept. What was asked for before is decided now; `restamp` gives the events tracked meanwhile
     * to the anonymous id they belong to.
     */
    load(rows: [anonymousId: string, person: Person][], restamp: (from: string, to: string) => void): void {
      for (const [id, person] of rows) if (!people.has(id)) people.set(id, person);
      const waiting = early ?? [];
      early = undefined;
      for (const { id, person, learned } of waiting) {
        restamp(id, person ? identify(person, learned!) : visitor.renew());
        people.delete(id);
        shelf.remove([PERSON, id]);
      }
    },

    /** Every anonymous id of which a person is known. */
    ids: (): string[] => [...people.keys()],

    /**
     * The visitor is not to be named any more: everybody who was is somebody unknown from now on. Answers under which
     * new anonymous id each of them goes on.
     */
    forget(): Map<string, string> {
      const current = visitor.id();
      const fresh = new Map<string, string>();
      for (const id of people.keys()) {
        shelf.remove([PERSON, id]);
        fresh.set(id, id === current ? visitor.renew() : makeId());
      }
      people.clear();
      return fresh;
    },

    /** Another tab has learned who this visitor is. */
    learn: (anonymousId: string, person: Person): unknown => people.set(anonymousId, person),

    /** Forgets people of whom no event is left. */
    prune(needed: (anonymousId: string) => boolean): void {
      for (const id of people.keys()) {
        if (id === visitor.id() || needed(id)) continue;
        people.delete(id);
        shelf.remove([PERSON, id]);
      }
    },
  };
};
