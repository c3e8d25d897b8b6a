import { names } from './names';

/** A key and its value on their way to the database; without a value, the keys from one to another that are to go. */
export type Entry = [key: IDBValidKey, value: unknown, to?: IDBValidKey];

/** The parts of a key: what it is of, whose, and which one. */
type Parts = [kind: string, name: string, number?: number];

const PREFIX = names.journal;

/** Whether a key lies between two others, which differ at most in their last part: the number of an event. */
const isWithin = (key: IDBValidKey, from: IDBValidKey, to = from) => {
  const [, name, number = 0] = key as Parts;
  const [, toName, last = 0] = to as Parts;
  return name === toName && number >= ((from as Parts)[2] ?? 0) && number <= last;
};

/** What is there as far as a list tells, once for each key: what was last written, and is not removed in it. */
const standing = (entries: Entry[]): Entry[] => {
  const removals = entries.filter(([, value]) => !value);
  const written = new Map(entries.flatMap(entry => (entry[1] ? [[`${entry[0]}`, entry] as const] : [])));
  return [...written.values()].filter(([key]) => !removals.some(([from, , to]) => isWithin(key, from, to)));
};

/** Entries that a journal may hold, twice what the queue may: localStorage is small, and the shop's. */
export const MOST = 2000;

/**
 * What the database does not have yet, kept synchronously: it may not be open, or the page may be ending. Each page
 * writes a key of its own, so that two tabs never overwrite each other. localStorage is full or refused: no journal.
 */
export const createJournal = (page: string) => {
  let entries: Entry[] = [];
  /** What other pages have left, once for each key: one that lives writes again what was taken over from it. */
  let takenOver: Entry[] = [];
  /**
   * Taken once and held: WebKit has no `localStorage` any more for a window that closes itself
   * (https://bugs.webkit.org/show_bug.cgi?id=135330), and yet keeps what is written to the one it had.
   */
  let storage: Storage | undefined;

  const all = () => [...takenOver, ...entries];

  /** Answers whether localStorage took it. */
  const save = (): boolean => {
    if (all().length > MOST) {
      // A removal that is lost costs a question (and a repeat where none can be asked), a write may cost an event.
      entries = standing(all()).slice(-MOST);
      takenOver = [];
    }
    try {
      if (all().length) (storage ??= localStorage).setItem(PREFIX + page, JSON.stringify(all()));
      else storage?.removeItem(PREFIX + page);
      return true;
    } catch {
      return false;
    }
  };

  return {
    add(more: Entry[]): void {
      if (!more.length) return;
      entries = [...new Set([...entries, ...more])];
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
      const left: Entry[] = [];
      const read: [place: string, text: string][] = [];
      try {
        storage ??= localStorage;
        for (const place of Object.keys(storage)) {
          if (!place.startsWith(PREFIX) || place === PREFIX + page) continue;
          const text = storage[place];
          // One that cannot be read is no reason to pass the others by.
          try {
            left.push(...JSON.parse(text));
            read.push([place, text]);
          } catch {}
        }
      } catch {}
      return {
        left,
        clear() {
          // Its page may live, and have written more since.
          for (const [place, text] of read) if (storage![place] === text) storage!.removeItem(place);
        },
      };
    },

    /**
     * There is no database: what other pages have left, and not removed since, goes on in this page's journal. Answers all
     * that is in it then, however often it is asked, as a database would.
     */
    takeOver(): Entry[] {
      const { left, clear } = this.left();
      const before = [takenOver, entries] as const;
      takenOver = standing([...takenOver, ...left]);
      const found = standing(all());
      if (left.length) {
        if (save()) clear();
        // There is no room for it here: it stays where it is, and what this page writes next has the room it had.
        else [takenOver, entries] = before;
      }
      return found;
    },
  };
};
