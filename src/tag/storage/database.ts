import { promisifyRequest } from 'idb-keyval';
import { names } from './names';

const STORE = 'kept';

/**
 * The tag's database: idb-keyval's shape (one store, a callback within a transaction) over a connection of our own. Its
 * `createStore` cannot commit early (a write must survive a navigation in the next line), nor answer `versionchange`
 * (without which another tab blocks the deletion); and each of its functions brings that store along, 0.2 KB.
 *
 * Safari may drop an open connection ("Connection to Indexed Database server lost",
 * https://bugs.webkit.org/show_bug.cgi?id=273827): what fails is tried once more on a fresh one.
 */
export const createDatabase = () => {
  let opening: Promise<IDBDatabase> | undefined;
  let connection: IDBDatabase | undefined;
  /** The store in the transaction that makes the database, as long as nobody has tried to write in it. */
  let making: IDBObjectStore | undefined;
  let reading: IDBTransaction[] = [];
  let ended = false;

  const forget = () => {
    opening = connection = making = undefined;
  };

  /** @param made is told when there is no database yet: it is being made */
  const open = async (made?: () => void) => {
    if (ended) throw Error('ended');
    const request = indexedDB.open(names.database);
    request.onupgradeneeded = () => {
      making = request.result.createObjectStore(STORE);
      made?.();
    };
    const database = await promisifyRequest(request);
    making = undefined;
    database.onversionchange = () => {
      forget();
      database.close();
    };
    database.onclose = forget;
    if (ended) database.close();
    connection = database;
    return database;
  };

  const run = async <Result>(
    mode: IDBTransactionMode,
    work: (store: IDBObjectStore) => Promise<Result> | Result,
  ): Promise<Result> => {
    if (making && mode === 'readwrite') {
      const store = making;
      making = undefined;
      try {
        const result = work(store);
        store.transaction.commit?.();
        await opening;
        return result;
      } catch {
        // It takes nothing after the task that began it.
      }
    }
    const transaction = (connection ?? (await (opening ??= open()))).transaction(STORE, mode);
    const result = work(transaction.objectStore(STORE));
    if (mode === 'readonly') {
      reading.push(transaction);
      try {
        return await result;
      } finally {
        reading = reading.filter(each => each !== transaction);
      }
    }
    transaction.commit?.();
    await promisifyRequest(transaction);
    return result;
  };

  return {
    /**
     * Opens it, when that has not begun. Answers whether this page makes it, and so that there is nothing in it to be
     * read: at once, so that what is written in this task is there with it. One transaction less than afterwards.
     */
    open: (): Promise<boolean> =>
      new Promise((resolve, reject) => {
        opening ??= open(() => resolve(true));
        opening.then(() => resolve(false), reject);
      }),

    /**
     * The page may be about to end: what it is reading ends now, and is read again if it stays. WebKit may keep a dead
     * page's reading open until the browser is closed, and every later transaction waits for it (seen in test/delivery).
     */
    leave(): void {
      for (const transaction of reading) {
        // One whose connection was lost cannot be ended any more.
        try {
          transaction.abort();
        } catch {}
      }
      reading = [];
    },

    /** Lets the connection go, and takes no other: an open one would keep the database from being deleted. */
    end(): void {
      ended = true;
      connection?.close();
      forget();
    },

    /**
     * Works within one transaction, in this task already when the database is open; what was written is durable when the
     * promise resolves.
     */
    use: <Result>(
      mode: IDBTransactionMode,
      work: (store: IDBObjectStore) => Promise<Result> | Result,
    ): Promise<Result> =>
      run(mode, work).catch(() => {
        forget();
        return run(mode, work);
      }),
  };
};
