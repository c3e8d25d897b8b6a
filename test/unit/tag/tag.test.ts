// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { configure } from '../../../src/tag/config';
import { startTag } from '../../../src/tag/tag';

const see = (state: 'hidden' | 'visible') => {
  Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
  dispatchEvent(new Event('visibilitychange'));
};

/** A page whose events wait for consent over navigations, and which of them it has taken so far. */
const openPage = () => {
  const tracked: string[] = [];
  const config = configure({
    endpoint: '/x',
    consent: 'required',
    consentHold: 'session',
    pageViews: false,
    attributes: false,
  });
  const tag = startTag(
    config,
    (name, notice) => name === 'tracked' && tracked.push((notice as { id: string }).id),
    {},
  );
  return {
    tracked,
    track: (event: string) => tag.track({ at: Date.now() }, event, {}),
    grant: () => tag.consent({ events: 'granted' }),
  };
};

const held = () => JSON.parse(sessionStorage.shoptrail ?? '[]') as { id: string; event: string }[];

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('fetch', () => new Promise(() => {}));
  sessionStorage.clear();
  // Listeners of a page die with it; here they would hear the next test.
  const add = window.addEventListener;
  const ended = new AbortController();
  vi.spyOn(window, 'addEventListener').mockImplementation(((
    type: string,
    heard: never,
    options: object | boolean,
  ) =>
    add.call(window, type, heard, {
      capture: options === true,
      ...Object(options),
      signal: ended.signal,
    })) as never);
  leave = () => ended.abort();
});
let leave = () => {};
afterEach(() => {
  leave();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it('takes what waits for consent once, though the page hides and is seen again before it is there', async () => {
  const page = openPage();
  page.track('one');
  see('hidden');
  see('visible');
  page.track('two');
  see('hidden');
  see('visible');
  const waiting = held();
  expect(waiting.map(({ event }) => event)).toEqual(['one', 'two']);
  page.grant();
  await vi.advanceTimersByTimeAsync(10);
  expect(page.tracked).toEqual(waiting.map(({ id }) => id));
  expect(held()).toEqual([]);
});

it('takes what earlier pages of the tab have left, oldest first, and then its own', async () => {
  sessionStorage.shoptrail = JSON.stringify(
    ['a', 'b'].map(id => ({ id, event: 'earlier', copy: { data: {} }, at: Date.now(), captured: false })),
  );
  const page = openPage();
  page.track('own');
  see('hidden');
  expect(held().map(({ event }) => event)).toEqual(['earlier', 'earlier', 'own']);
  see('visible');
  page.grant();
  await vi.advanceTimersByTimeAsync(10);
  expect(page.tracked.slice(0, 2)).toEqual(['a', 'b']);
  expect(page.tracked).toHaveLength(3);
});

it('takes it under the same id when it comes back out of the back/forward cache and another page was first', async () => {
  const page = openPage();
  page.track('one');
  see('hidden');
  const { id } = held()[0]!;
  // The next page has taken and delivered it: the relay knows the id.
  sessionStorage.clear();
  see('visible');
  page.grant();
  await vi.advanceTimersByTimeAsync(10);
  expect(page.tracked).toEqual([id]);
});
