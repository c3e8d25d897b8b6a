// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

/** A database whose answers come when the test lets them, and what was asked of it. */
const answers: ((there: boolean) => void)[] = [];
const asked: string[] = [];
const rows = {
  put: (value: unknown, key: IDBValidKey) => asked.push(`put ${key} ${JSON.stringify(value)}`),
  delete: (range: string) => asked.push(`delete ${range}`),
};
vi.mock('../../../src/tag/storage/database', () => ({
  createDatabase: () => ({
    open: async () => false,
    use: async (mode: string, work: (store: typeof rows) => unknown) => {
      if (mode === 'readwrite') work(rows);
      return new Promise<void>((resolve, reject) => {
        answers.push(there => (there ? resolve() : reject()));
      });
    },
    leave() {},
    end() {},
  }),
}));

const { createStore } = await import('../../../src/tag/storage/store');
const { createJournal } = await import('../../../src/tag/storage/journal');

beforeEach(() => {
  localStorage.clear();
  answers.length = 0;
  asked.length = 0;
  vi.stubGlobal('IDBKeyRange', {
    bound(from?: IDBValidKey, to?: IDBValidKey) {
      // As in every browser: https://www.w3.org/TR/IndexedDB/#dom-idbkeyrange-bound
      if (from === undefined || to === undefined) throw new DOMException('not a valid key', 'DataError');
      return `${from} to ${to}`;
    },
  });
  vi.useFakeTimers();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const turn = () => vi.advanceTimersByTimeAsync(0);

it('writes nothing any more once it has ended, though a transaction is confirmed later', async () => {
  const store = createStore('p1', () => {});
  store.put(['e', 'p1', 0], 'refused by the database');
  await turn();
  answers[0]!(false);
  await turn();
  expect(Object.keys(localStorage)).toEqual(['shoptrail.p1']);
  store.put(['e', 'p1', 1], 'under way');
  await turn();
  store.end();
  localStorage.clear();
  answers[1]!(true);
  await turn();
  expect(Object.keys(localStorage)).toEqual([]);
});

it('leaves alone what a living page has written since a reading that came too late', async () => {
  const living = createJournal('p1');
  living.add([[['e', 'p1', 0], 'first']]);
  const store = createStore('p2', () => {});
  const reading = store.all();
  await vi.advanceTimersByTimeAsync(3100);
  await reading;
  living.add([[['e', 'p1', 1], 'second']]);
  answers[0]!(true);
  await turn();
  expect(localStorage['shoptrail.p1']).toContain('second');
});

it('removes one key, or all from one to another', async () => {
  const onDegraded = vi.fn();
  const store = createStore('p1', onDegraded);
  store.put(['r'], 1);
  store.remove(['r']);
  store.remove(['e', 'p1', 0], ['e', 'p1', 7]);
  await turn();
  expect(asked).toEqual(['put r 1', 'delete r to r', 'delete e,p1,0 to e,p1,7']);
  answers[0]!(true);
  await turn();
  expect(onDegraded).not.toHaveBeenCalled();
  expect(Object.keys(localStorage)).toEqual([]);
});

it('reads what a journal has, though a removal in it names one key only', async () => {
  createJournal('p1').add([
    [['r'], 0],
    [['e', 'p1', 0], 'event'],
    [['r'], 5],
  ]);
  const store = createStore('p2', () => {});
  const reading = store.all();
  await turn();
  expect(asked).toEqual(['delete r to r', 'put e,p1,0 "event"', 'put r 5']);
  answers[0]!(false);
  expect(await reading).toEqual([[['e', 'p1', 0], 'event']]);
});

it('lets go of what the database has refused: it is in the journal', async () => {
  const store = createStore('p1', () => {});
  for (let n = 0; n < 3; n++) {
    store.put(['e', 'p1', n], { n });
    store.remove(['e', 'p1', n]);
    await turn();
    answers[n]!(false);
    await turn();
  }
  localStorage.clear();
  store.leave();
  expect(Object.keys(localStorage)).toEqual([]);
});
