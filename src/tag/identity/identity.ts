import type { Person } from '../../protocol/types';
import { isSamePerson, type Recognizes } from './same-person';

/** What the table needs of the store, and of the anonymous id. */
interface Shelf {
  put(key: IDBValidKey, value: unknown): void;
  remove(key: IDBValidKey): void;
}
interface Visitor {
  id(): string;
  renew(): string;
  /** Whether some tab has told the table who this is; the cookie says so, to all tabs at once. */
  isKnown(): boolean;
  /** What all tabs were told, as far as the cookie tells. */
  recognizes: Recognizes;
  /** Whether this is all that any tab was told. */
  isTold(person: Person): boolean;
  markKnown(person: Person): void;
}

/** A change of identity that waits for the table to be read. Without a person it is a reset. */
interface Early {
  /** The anonymous id under which events are tracked meanwhile. */
  id: string;
  person?: Person | undefined;
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
 * nothing on the wrong person. The same holds for what is news to this page later: another tab may have told the table
 * of somebody since.
 */
export const createIdentity = (shelf: Shelf, visitor: Visitor, makeId: () => string) => {
  const people = new Map<string, Person>();
  let early: Early[] | undefined = [];

  const keep = (id: string, person: Person) => {
    people.set(id, person);
    shelf.put([PERSON, id], person);
  };

  const isNews = (known: Person, told: Person) =>
    JSON.stringify({ ...known, ...told }) !== JSON.stringify(known);

  const current = () => (early?.length ? early[early.length - 1]!.id : visitor.id());

  /**
   * Of who came before the table was read the cookie does not speak yet.
   *
   * @param also what is told of the visitor besides, and not kept
   */
  const isSame = (told: Person, also?: Person) =>
    isSamePerson(
      { ...people.get(current()), ...also },
      told,
      early?.length ? () => undefined : visitor.recognizes,
    );

  const identify = (told: Person, learned: (another: boolean) => void, unread = false): string => {
    const id = visitor.id();
    const known = people.get(id);
    if (unread && !known && visitor.isTold(told)) {
      // The table has nothing beside it.
      keep(id, told);
      return id;
    }
    const said = isSame(told);
    const same = unread ? known && said : said !== false;
    if (same && known && !isNews(known, told)) return id;
    const own = same ? id : visitor.renew();
    const person = same ? { ...known, ...told } : told;
    keep(own, person);
    visitor.markKnown(person);
    learned(!same);
    return own;
  };

  return {
    /** The anonymous id that is tracked for now. */
    id: current,

    /** Who is behind an anonymous id, as far as anyone said. */
    person: (anonymousId: string): Person | undefined => people.get(anonymousId),

    /**
     * Takes what the shop says of the visitor; `learned` is told when that is news, at once or when the table was read.
     * Answers whether the table must be read for it: another tab may have told it of somebody under the same id.
     */
    identify(told: Person, learned: (another: boolean) => void): boolean {
      if (!early) {
        const known = people.get(visitor.id());
        const decided = isSame(told) === false || (known && !isNews(known, told));
        if (decided || !visitor.isKnown()) {
          identify(told, learned);
          return false;
        }
        early = [];
      }
      const id = makeId();
      early.push({ id, person: told, learned: learned as () => void });
      keep(id, told);
      return early.length === 1;
    },

    /** Whether it is the visitor that is known here, of whom `also` was told; undefined when nothing tells. */
    isSame,

    /** Whether anything tracked, or what is tracked under this anonymous id, waits for the table to be read. */
    waits: (id?: string): boolean => !!early?.some(each => !id || each.id === id),

    /** The visitor signed out, or somebody else may sit here now: a new anonymous id begins. */
    reset(): void {
      if (early) early.push({ id: makeId() });
      else visitor.renew();
    },

    /**
     * The table as it was kept. What was asked for before is decided now; `restamp` gives the events tracked meanwhile
     * to the anonymous id they belong to. `unread`: there was no time to read it, or no answer. Then the cookie tells
     * whether it is the same person, when what was told is all that it speaks of; else rather another id than a wrong person.
     */
    load(
      rows: [anonymousId: string, person: Person][],
      restamp: (from: string, to: string) => void,
      unread = false,
    ): void {
      const waiting = early ?? [];
      unread &&= waiting.length > 0 && visitor.isKnown();
      for (const [id, person] of rows) if (early || !people.has(id)) people.set(id, person);
      early = undefined;
      const known = people.size && people.get(visitor.id());
      if (known) visitor.markKnown(known);
      for (const { id, person, learned } of waiting) {
        // Of whom comes after a sign-out everything is told here.
        unread &&= !!person;
        restamp(id, person ? identify(person, learned!, unread) : visitor.renew());
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
      // Another host of the shop may know who this is.
      if (visitor.isKnown()) people.set(current, {});
      for (const id of people.keys()) {
        shelf.remove([PERSON, id]);
        fresh.set(id, id === current ? visitor.renew() : makeId());
      }
      people.clear();
      for (const each of early ?? []) each.person = undefined;
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
