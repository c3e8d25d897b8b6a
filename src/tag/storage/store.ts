import { promisifyRequest } from 'idb-keyval';
import { isWebKit } from '../browser/engine';
import { createDatabase } from './database';
import { createJournal, type Entry } from './journal';

/** How long we wait for the database, in steps of a second: a page that was busy or frozen for long has waited for one. */
const PATIENCE = 3;

/** WebKit may never answer: https://bugs.webkit.org/show_bug.cgi?id=226547 */
const inTime = <Result>(work: Promise<Result>): Promise<Result> =>
  new Promise((resolve, reject) => {
    let left = PATIENCE;
    let clock: ReturnType<typeof setTimeout> | undefined;
    // Not an interval: nothing else on a first page needs one, and to make the first takes 0.05 ms.
    const wait = () => {
      if (left--) clock = setTimeout(wait, 1000);
      else reject();
    };
    wait();
    work.finally(() => clearTimeout(clock)).then(resolve, reject);
  });

/**
 * What the tag keeps, by key. Writing begins in the task of the call; what one task changes shares a transaction, and
 * what the database cannot take at once is in the journal meanwhile.
 *
 * @param onDegraded the database cannot be had: what is put from now on lives in memory and in the journal
 */
export const createStore = (page: string, onDegraded: () => void) => {
  const database = createDatabase();
  const journal = createJournal(page);
  let pending: Entry[] = [];
  /** Written, and not confirmed yet. */
  let writing: Entry[] = [];
  /** The last reading had no answer: what the database has is not known here. */
  let silent = false;
  /** The visitor allows it no more: from now on nothing is kept, whoever asks. */
  let ended = false;

  /** @param begun is told when the database takes them: in this task, or when it is open */
  const write = (entries: Entry[], begun?: () => void) =>
    database.use('readwrite', store => {
      for (const [key, value, to] of entries) {
        if (value) store.put(value, key);
        else store.delete(IDBKeyRange.bound(key, to ?? key));
      }
      begun?.();
    });

  const writePending = async () => {
    const entries = pending;
    pending = [];
    if (ended) return;
    writing = [...writing, ...entries];
    try {
      let underWay = false;
      const written = write(entries, () => {
        underWay = true;
      });
      // A dying page may not bring it into the database any more.
      if (silent || !underWay || document.visibilityState === 'hidden') journal.add(entries);
      await written;
      if (ended) return;
      journal.done(entries);
    } catch {
      if (ended) return;
      journal.add(entries);
      onDegraded();
    }
    writing = writing.filter(entry => !entries.includes(entry));
  };

  const read = async <Result>(work: Promise<Result>, without: () => Result): Promise<Result> => {
    try {
      const result = await inTime(work);
      silent = false;
      return result;
    } catch {
      if (!silent && !ended) {
        silent = true;
        // What it was given and has not confirmed may wait there for good.
        journal.add(writing);
        onDegraded();
      }
      return without();
    }
  };

  const readAll = async (mayWait?: () => Promise<boolean>): Promise<Entry[] | undefined> => {
    const isNew = await database.open();
    if (isNew && !isWebKit() && (await mayWait?.())) return undefined;
    const { left, clear } = journal.left();
    if (isNew && !left.length) return [];
    if (left.length) await write(left);
    clear();
    const [keys, values] = await database.use('readonly', store =>
      Promise.all([promisifyRequest(store.getAllKeys()), promisifyRequest(store.getAll())]),
    );
    return keys.map((key, at) => [key, values[at]]);
  };

  const change = (entry: Entry) => {
    if (pending.push(entry) === 1) queueMicrotask(writePending);
  };

  return {
    put: (key: IDBValidKey, value: unknown): void => change([key, value]),

    /** Removes the keys from one to another, both included: one request for a whole batch. */
    remove: (from: IDBValidKey, to = from): void => change([from, undefined, to]),

    /**
     * The page may be about to end: what the database has not confirmed goes into the journal. WebKit drops a
     * transaction that waits for another page's when its own page goes (seen in test/delivery).
     */
    leave(): void {
      if (!ended) journal.add([...writing, ...pending]);
      database.leave();
    },

    /** Keeps nothing any more, and lets the database go. What is there is for `sweep()` to remove. */
    end(): void {
      ended = true;
      database.end();
    },

    /** Whether the last reading had no answer. */
    isSilent: () => silent,

    /** The values of these keys, undefined for those that are not there. */
    get: (keys: IDBValidKey[]): Promise<unknown[]> =>
      read(
        database.use('readonly', store => Promise.all(keys.map(key => promisifyRequest(store.get(key))))),
        () => [],
      ),

    /**
     * Everything that is kept, in the order of the keys, with what earlier pages left in their journals.
     *
     * @param mayWait whether the look at the journals may wait until the next time: the first touch of localStorage holds
     *   up a page that is still loading. Then, of a database that is new, the answer is undefined.
     */
    all: (mayWait?: () => Promise<boolean>): Promise<Entry[] | undefined> =>
      read(readAll(mayWait), () => (ended ? [] : journal.takeOver())),

    /** What other pages have left in their journals, as long as nobody has read it. */
    left: (): Entry[] => journal.left().left,
  };
};
