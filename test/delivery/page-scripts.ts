/** Scripts that a page of the test shop runs before the tag, as text. */

/** The clock is this much ahead of the true one (or behind it), in ms. */
export const clockShift = (ms: number) => `{
  const True = Date, shift = ${ms};
  window.Date = class extends True {
    constructor(...args) { args.length ? super(...args) : super(True.now() + shift); }
    static now() { return True.now() + shift; }
  };
}`;

/** As in a browser that has IndexedDB and refuses to open it (Firefox in some private windows). */
export const databaseRefused = `
  IDBFactory.prototype.open = () => { throw new DOMException('The operation is insecure.', 'SecurityError') };`;

/** As in a browser whose open fails later, with an event. */
export const databaseFails = `{
  const { open } = IDBFactory.prototype;
  IDBFactory.prototype.open = function () {
    const request = open.call(this, 'a version below the present one', 2);
    request.addEventListener('upgradeneeded', () => request.transaction.abort());
    return request;
  };
}`;

/** After this many writes every further transaction throws, as after Safari's lost connection. */
export const databaseBreaks = (writes: number) => `{
  const { transaction } = IDBDatabase.prototype;
  let left = ${writes};
  IDBDatabase.prototype.transaction = function (...args) {
    if (left-- > 0) return transaction.apply(this, args);
    throw new DOMException('Connection to Indexed Database server lost.', 'UnknownError');
  };
}`;

/** The connection is lost once, after this many transactions: a new one works. */
export const connectionLost = (transactions: number) => `{
  const { transaction } = IDBDatabase.prototype;
  let left = ${transactions}, lost;
  IDBDatabase.prototype.transaction = function (...args) {
    if (left-- <= 0) lost ??= this;
    if (lost !== this) return transaction.apply(this, args);
    throw new DOMException('Connection to Indexed Database server lost.', 'InvalidStateError');
  };
}`;

/**
 * The database opens and answers nothing, as in WebKit after some pages' deaths: a transaction before ours never ends. A
 * promise, that it has begun.
 */
export const databaseSilent = (name: string) => `new Promise(begun => {
  const request = indexedDB.open(${JSON.stringify(name)});
  request.onsuccess = () => {
    const [kept] = request.result.objectStoreNames;
    const store = request.result.transaction(kept, 'readwrite').objectStore(kept);
    const goOn = () => {
      begun();
      store.count().onsuccess = goOn;
    };
    goOn();
  };
});`;

/** After this many writes none finds room: the request fails and its transaction is aborted, as at a full disk. */
export const quotaExhausted = (writes: number) => `{
  const { put } = IDBObjectStore.prototype;
  let left = ${writes};
  IDBObjectStore.prototype.put = function (...args) {
    if (left-- <= 0) throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
    return put.apply(this, args);
  };
  Storage.prototype.setItem = () => { throw new DOMException('The quota has been exceeded.', 'QuotaExceededError') };
}`;

/** Not even a cookie can be kept. */
export const cookiesRefused = `
  Object.defineProperty(Document.prototype, 'cookie', { configurable: true, get: () => '', set() {} });`;

/**
 * What the test asks of a page. It writes down each call of `track()` in the task of the call, and the id that the tag
 * tells for it as soon as it does; page views that the tag sees by itself have an id only. The stub stands before the tag,
 * so nothing is missed. `after()` acts within the same task when the delay is 0.
 */
export const recorder = (page: number) => `
window.shoptrail||(window.shoptrail={q:[]},"init track identify reset on flush consent subscribe forget".split(" ").map(m=>shoptrail[m]=(...a)=>void shoptrail.q.push([m,a,Date.now(),location.href])));
{
  const document = crypto.getRandomValues(new Uint32Array(2)).join('-');
  const calls = [], dropped = [], rejected = [], invalid = [];
  let degraded = 0, blocked = 0, restored = 0;
  shoptrail.on('tracked', ({ id, event }) => {
    const call = calls.find(call => call.event === event && !call.id);
    if (call) call.id = id;
    else calls.push({ event, id });
  });
  shoptrail.on('dropped', notice => dropped.push(notice));
  shoptrail.on('rejected', notice => rejected.push(notice));
  shoptrail.on('invalid', notice => invalid.push(notice));
  shoptrail.on('degraded', () => degraded++);
  shoptrail.on('blocked', () => blocked++);
  addEventListener('pageshow', event => { restored += event.persisted });
  window.torture = {
    page: ${page},
    isReady: () => calls.some(call => call.id) && window.document.readyState === 'complete',
    account: () =>
      JSON.parse(JSON.stringify({ document, page: ${page}, calls, dropped, rejected, invalid, degraded, blocked, restored })),
    track(visitor, first, count, event, bytes) {
      for (let at = first; at < first + count; at++) {
        const n = visitor + '#' + at;
        calls.push({ event, n });
        shoptrail.track(event, bytes ? { n, text: 'x'.repeat(bytes) } : { n });
      }
    },
    // A page view has no room for a number of ours.
    view(count) {
      for (let at = 0; at < count; at++) {
        calls.push({ event: 'pageViewed' });
        shoptrail.track('pageViewed');
      }
    },
    // A record of the test's own, to be written in the task that tracks: what has become of it tells what this browser
    // can keep of that task at all.
    async hireWitness() {
      const request = indexedDB.open('witness');
      request.onupgradeneeded = () => request.result.createObjectStore('kept');
      await new Promise(resolve => { request.onsuccess = resolve });
      const database = request.result;
      torture.testify = async () => {
        // At the end of the task: after what the tag writes in its microtasks.
        for (let hop = 0; hop < 30; hop++) await null;
        const transaction = database.transaction('kept', 'readwrite');
        transaction.objectStore('kept').put(true, 'kept');
        transaction.commit();
      };
      torture.wasKept = () => new Promise(resolve => {
        const asked = database.transaction('kept').objectStore('kept').get('kept');
        asked.onsuccess = () => resolve(!!asked.result);
      });
    },
    after(ms, act) { ms ? setTimeout(act, ms) : act() },
  };
}`;
