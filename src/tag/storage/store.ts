import { promisifyRequest } from 'idb-keyval';
import { createDatabase } from './database';

/** A key and its value. */
export type Entry = [key: IDBValidKey, value: unknown];

/**
 * What the tag keeps, by key. Writing begins in the task of the call; what one task puts shares a transaction.
 *
 * @param onDegraded the database cannot be had: what is put from now on lives in memory
 */
export const createStore = (onDegraded: () => void) => {
  const database = createDatabase();
  let pending: Entry[] = [];

  const write = (work: (store: IDBObjectStore) => void) => database.use('readwrite', work).catch(onDegraded);

  const writePending = () => {
    const entries = pending;
    pending = [];
    write(store => {
      for (const [key, value] of entries) store.put(value, key);
    });
  };

  return {
    put(key: IDBValidKey, value: unknown): void {
      if (pending.push([key, value]) === 1) queueMicrotask(writePending);
    },

    remove(keys: IDBValidKey[]): void {
      write(store => {
        for (const key of keys) store.delete(key);
      });
    },

    /** Everything that is kept, in the order of the keys. */
    async all(): Promise<Entry[]> {
      try {
        const [keys, values] = await database.use('readonly', store =>
          Promise.all([promisifyRequest(store.getAllKeys()), promisifyRequest(store.getAll())]),
        );
        return keys.map((key, at) => [key, values[at]]);
      } catch {
        onDegraded();
        return [];
      }
    },
  };
};
