import type { Person } from '../../protocol/types';
import { isUuid, uuid } from '../browser/uuid';
import { isInPrint, toPrint } from './print';

/** What the anonymous id needs of the cookies. */
interface Jar {
  read(): string | undefined;
  /** More than one when it was set for several domains. */
  all(): string[];
  /** Answers what is there then. */
  write(value: string, before?: string): string;
  /** The same; may leave it to the next look whether the browser took it. */
  put(value: string, before?: string): string;
  remove(): void;
}

/** The cookie is renewed when the page sees it for the first time in another week: 400 days begin anew, one write. */
const week = () => Math.floor(Date.now() / 604_800_000).toString(36);

/** Stands before the week: of an id that began with another person, or a sign-out. */
const RENEWED = 'r';

/**
 * The visitor's anonymous id. The cookie is the one source of truth and is read at each call, so that a tab that slept
 * through a change of person speaks for nobody else. Without cookies the id lives as long as the page.
 */
export const createVisitor = (jar: Jar) => {
  let unkept: string | undefined;
  /** What this page has made, when it found none. */
  let made: string | undefined;
  /** What was put and not looked for since: a look takes longer than all the rest of a page view, and the next will tell. */
  let hoped: string | undefined;
  /** Whether the cookie was there, or made, in this page. */
  let seen = false;
  /** Whether several cookies were made one: once a page, because one of another path cannot be removed. */
  let united = false;

  /** The id, the week behind its mark, the print of who is known. */
  const read = () => (unkept ?? jar.read() ?? '').split('.');

  const idIn = (text: string) => text.split('.')[0]!;

  const isRenewed = (written?: string) => !!written?.startsWith(RENEWED);

  const keep = (id: string, renewed = false, print = '', before = jar.read() ?? '', write = jar.write) => {
    hoped = undefined;
    const text = `${id}.${renewed ? RENEWED : ''}${week()}${print && `.${print}`}`;
    const there = idIn(write(text, before));
    // Another tab may have written in the same moment: then its id is everybody's.
    const kept = there === id || (isUuid(there) && there !== idIn(before));
    unkept = kept ? undefined : id;
    return kept ? there : id;
  };

  return {
    /** The anonymous id, made when there is none or the cookie is damaged. */
    id(): string {
      if (unkept) return unkept;
      seen = true;
      const [text, another] = jar.all();
      if (text === undefined) {
        if (hoped) return keep(hoped, false, '', '');
        made = uuid();
        hoped = keep(made, false, '', '', jar.put);
        return hoped;
      }
      hoped = undefined;
      const double = another !== undefined && !united;
      united ||= double;
      const [id, written, print] = text.split('.');
      const isId = isUuid(id!);
      if (isId && !double && written?.endsWith(week())) return id!;
      // Of several, and of a damaged one, nothing may stay: another host of the shop would read another.
      const unfit = double || !isId;
      if (unfit) jar.remove();
      const before = unfit ? undefined : text;
      if (isId) return keep(id!, isRenewed(written), print, before);
      made = uuid();
      return keep(made, false, '', before);
    },

    /**
     * Two tabs that were opened at once have each made an id, and the cookie kept one: events of the other go to it. Not
     * to the id of somebody who came later.
     */
    agree(restamp: (from: string, to: string) => void): void {
      const id = this.id();
      if (made && made !== id && !isRenewed(read()[1])) restamp(made, id);
      made = undefined;
    },

    /** Whether some tab has told the table who this is. */
    isKnown: (): boolean => !!read()[2],

    /** Whether this is what some tab was told, on any host of the shop; undefined when none was told its kind. */
    recognizes(place: number, value: string): boolean | undefined {
      const [id, , print = ''] = read();
      return isInPrint(print, id!, place, value);
    },

    /** Whether this is all that any tab was told. */
    isTold(person: Person): boolean {
      const [id, , print] = read();
      return toPrint(id!, person) === print;
    },

    /** Tells all tabs who this is, and that the table knows. */
    markKnown(person: Person): void {
      const id = this.id();
      const [, written, before] = read();
      const print = toPrint(id, person, before);
      if (!unkept && print !== before) keep(id, isRenewed(written), print);
    },

    /** Whether the cookie was there and is not any more: another tab has removed it, or the visitor. */
    isLost: (): boolean => seen && !unkept && !hoped && !jar.read(),

    /** Begins a new anonymous id: another person is here now. */
    renew(): string {
      made = undefined;
      return keep(uuid(), true);
    },
  };
};
