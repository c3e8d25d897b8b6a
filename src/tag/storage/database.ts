import { promisifyRequest } from 'idb-keyval';
import { names } from './names';

const STORE = 'kept';

/**
 * The tag's database: idb-keyval's shape (one store, a callback within a transaction) over a connection of our own. Its
 * `createStore` cannot commit early (a write must survive a navigation in the next line), nor answer `versionchange`
 * (without which another tab blocks the deletion); and each of its functions brings that store along, 0.2 KB.
 */
export const createDatabase = () => {
  let opening: Promise<IDBDatabase> | undefined;

  const forget = () => {
    opening = undefined;
  };

  const open = async () => {
    const request = indexedDB.open(names.database);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    const database = await promisifyRequest(request);
    database.onversionchange = () => {
      forget();
      database.close();
    };
    database.onclose = forget;
    return database;
  };

  return {
    /** Works within one transaction; what was written is durable when the promise resolves. */
    async use<Result>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => Result): Promise<Result> {
      const transaction = (await (opening ??= open())).transaction(STORE, mode);
      const result = work(transaction.objectStore(STORE));
      if (mode === 'readonly') return result;
      transaction.commit?.();
      await promisifyRequest(transaction);
      return result;
    },
  };
};
