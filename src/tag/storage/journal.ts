import { names } from './names';

/** A key and its value on their way to the database; without a value, the keys from one to another that are to go. */
export type Entry = [key: IDBValidKey, value: unknown, to?: IDBValidKey];

/** The parts of a key: what it is of, whose, and which one. */
type Parts = [kind: string, name: string, number?: number];

const PREFIX = names.journal;

/** Whether a key lies between two others, which differ at most in their last part: the number of an event. */
const isWithin = (key: IDBValidKey, from: IDBValidKey, to: IDBValidKey) => {
  const [, name, number = 0] = key as Parts;
  const [, toName, last = 0] = to as Parts;
  return name === toName && number >= ((from as Parts)[2] ?? 0) && number <= last;
};

/** Entries that a journal may hold, twice what the queue may: localStorage is small, and the shop's. */
export const MOST = 2000;

/**
 * What the database does not have yet, kept synchronously: it may not be open, or the page may be ending. Each page
 * writes a key of its own, so that two tabs never overwrite each other. localStorage is full or refused: no journal.
 */
export const createJournal = (page: string) => {
  let entries: Entry[] = [];
  /**
   * Taken once and held: WebKit has no `localStorage` any more for a window that closes itself
   * (https://bugs.webkit.org/show_bug.cgi?id=135330), and yet keeps what is written to the one it had.
   */
  let storage: Storage | undefined;

  const save = () => {
    try {
      if (entries.length) (storage ??= localStorage).setItem(PREFIX + page, JSON.stringify(entries));
      else storage?.removeItem(PREFIX + page);
    } catch {}
  };

  return {
    add(more: Entry[]): void {
      if (!more.length) return;
      entries = [...new Set([...entries, ...more])].slice(0, MOST);
      save();
    },

    /** The database has these now. */
    done(settled: Entry[]): void {
      if (!entries.length) return;
      entries = entries.filter(entry => !settled.includes(entry));
      save();
    },

    /** What other pages have left by now, and how to remove just that, once the database has it. */
    left(): { left: Entry[]; clear(): void } {
      let places: string[] = [];
      let left: Entry[] = [];
      try {
        storage ??= localStorage;
        places = Object.keys(storage).filter(key => key.startsWith(PREFIX) && key !== PREFIX + page);
        left = places.flatMap(place => JSON.parse(storage![place]));
      } catch {}
      return {
        left,
        clear() {
          for (const place of places) storage!.removeItem(place);
        },
      };
    },

    /**
     * There is no database: what other pages have left, and not removed since, goes on in this page's journal. Answers all
     * that is in it then, however often it is asked, as a database would.
     */
    takeOver(): Entry[] {
      const isThere = ([key, value]: Entry, _: number, all: Entry[]) =>
        value && !all.some(([from, other, to]) => !other && isWithin(key, from, to!));
      const { left, clear } = this.left();
      clear();
      this.add(left.filter(isThere));
      return entries.filter(isThere);
    },
  };
};
