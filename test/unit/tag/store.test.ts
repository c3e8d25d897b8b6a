// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

/** A database whose answers come when the test lets them. */
const answers: ((there: boolean) => void)[] = [];
vi.mock('../../../src/tag/storage/database', () => ({
  createDatabase: () => ({
    open: async () => false,
    use: () =>
      new Promise<void>((resolve, reject) => {
        answers.push(there => (there ? resolve() : reject()));
      }),
    leave() {},
    end() {},
  }),
}));

const { createStore } = await import('../../../src/tag/storage/store');
const { createJournal } = await import('../../../src/tag/storage/journal');

beforeEach(() => {
  localStorage.clear();
  answers.length = 0;
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

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
