import { promisifyRequest } from 'idb-keyval';
import { createDatabase } from './database';
import { createJournal, type Entry } from './journal';

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

  const write = (entries: Entry[]) =>
    database.use('readwrite', store => {
      for (const [key, value] of entries) value === undefined ? store.delete(key) : store.put(value, key);
    });

  const writePending = async () => {
    const entries = pending;
    pending = [];
    try {
      await write(entries);
      journal.done(entries);
    } catch {
      if (database.isOpen()) entries.forEach(journal.add);
      onDegraded();
    }
  };

  const change = (entry: Entry) => {
    // A dying page may not bring it into the database any more.
    if (!database.isOpen() || document.visibilityState === 'hidden') journal.add(entry);
    if (pending.push(entry) === 1) queueMicrotask(writePending);
  };

  return {
    put: (key: IDBValidKey, value: unknown): void => change([key, value]),

    remove: (keys: IDBValidKey[]): void => {
      for (const key of keys) change([key]);
    },

    get: (key: IDBValidKey): Promise<unknown> =>
      database.use('readonly', store => promisifyRequest(store.get(key))).catch(() => {}),

    /** Everything that is kept, in the order of the keys, with what earlier pages left in their journals. */
    async all(): Promise<Entry[]> {
      const left = journal.left();
      try {
        if (left.length) await write(left);
        journal.clear();
        const [keys, values] = await database.use('readonly', store =>
          Promise.all([promisifyRequest(store.getAllKeys()), promisifyRequest(store.getAll())]),
        );
        return keys.map((key, at) => [key, values[at]]);
      } catch {
        onDegraded();
        return left.filter(([, value]) => value);
      }
    },
  };
};
