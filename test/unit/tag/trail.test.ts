// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { configure } from '../../../src/tag/config';
import { toPrint } from '../../../src/tag/identity/print';

/** The table that all tabs share, read as slowly as the test wants. */
const table = new Map<string, unknown>();
let reading: (() => void)[] = [];
vi.mock('../../../src/tag/storage/store', () => ({
  createStore: () => ({
    all: async () => [],
    get: (keys: IDBValidKey[]) =>
      new Promise(resolve => {
        reading.push(() => resolve(keys.map(key => table.get(`${key}`))));
      }),
    put: (key: IDBValidKey, value: unknown) => table.set(`${key}`, value),
    remove: (key: IDBValidKey) => table.delete(`${key}`),
    leave() {},
    end() {},
    isSilent: () => false,
    left: () => [],
  }),
}));

const { startTag } = await import('../../../src/tag/tag');

const visitorOfCookie = () => /shoptrail_id=([^.;]+)/.exec(document.cookie)?.[1];
const week = () => Math.floor(Date.now() / 604_800_000).toString(36);
const ANN = '11111111-1111-4111-8111-111111111111';
const BOB = '22222222-2222-4222-8222-222222222222';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('fetch', () => new Promise(() => {}));
  table.clear();
  reading = [];
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it('decides who was named by the row of who is here then: another tab may have begun another visitor meanwhile', async () => {
  // biome-ignore lint/suspicious/noDocumentCookie: as another tab writes it
  document.cookie = `shoptrail_id=${ANN}.${week()}.${toPrint(ANN, { phone: '380501234567' })}; path=/`;
  const tag = startTag(configure({ endpoint: '/x', pageViews: false, attributes: false }), () => {}, {});
  await vi.advanceTimersByTimeAsync(0);
  tag.identify({ at: Date.now() }, { email: 'carl@shop.test' });
  await vi.advanceTimersByTimeAsync(0);
  expect(reading).toHaveLength(1);
  // In another tab bob signs in.
  table.set(`p,${BOB}`, { email: 'bob@shop.test' });
  // biome-ignore lint/suspicious/noDocumentCookie: as another tab writes it
  document.cookie = `shoptrail_id=${BOB}.${week()}.${toPrint(BOB, { phone: '380507654321' })}; path=/`;
  while (reading.length) {
    reading.shift()!();
    await vi.advanceTimersByTimeAsync(0);
  }
  expect(table.get(`p,${BOB}`)).toEqual({ email: 'bob@shop.test' });
  const carl = visitorOfCookie();
  expect([ANN, BOB]).not.toContain(carl);
  expect(table.get(`p,${carl}`)).toEqual({ email: 'carl@shop.test' });
});
