// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHold } from '../../../src/tag/storage/hold';

interface Entry {
  id: string;
  n?: number;
}

/** Each page of the tab has its own, over one sessionStorage. */
const openPage = () => createHold<Entry>();
const entries = (...ids: string[]): Entry[] => ids.map(id => ({ id }));

beforeEach(() => sessionStorage.clear());
afterEach(() => vi.restoreAllMocks());

describe('what waits for consent', () => {
  it('is taken out by the next page, in its order, once', () => {
    openPage().put([
      { id: 'a', n: 1 },
      { id: 'b', n: 2 },
    ]);
    const next = openPage();
    expect(next.take([])).toEqual([
      { id: 'a', n: 1 },
      { id: 'b', n: 2 },
    ]);
    expect(next.take([])).toEqual([]);
    expect(sessionStorage).toHaveLength(0);
  });

  it('gathers over several pages, oldest first', () => {
    openPage().put(entries('a'));
    openPage().put(entries('b', 'c'));
    openPage().put([]);
    expect(openPage().take([])).toEqual(entries('a', 'b', 'c'));
  });

  it('is each event once, though a page hides more than once', () => {
    openPage().put(entries('a'));
    const page = openPage();
    page.put(entries('b'));
    page.put(entries('b', 'c'));
    page.put(entries('b', 'c'));
    expect(openPage().take([])).toEqual(entries('a', 'b', 'c'));
  });

  it('is without what the page has itself when it takes', () => {
    openPage().put(entries('a'));
    const page = openPage();
    const own = entries('b', 'c');
    page.put(own);
    expect(page.take([...own, () => {}])).toEqual(entries('a'));
    expect(sessionStorage).toHaveLength(0);
  });

  it('stays of a later page when an earlier one comes back out of the back/forward cache', () => {
    const first = openPage();
    first.put(entries('a'));
    openPage().put(entries('b'));
    first.put(entries('a', 'c'));
    expect(first.take(entries('a', 'c'))).toEqual(entries('b'));
  });

  it('does not come back once it was removed', () => {
    openPage().put(entries('a'));
    const page = openPage();
    sessionStorage.clear();
    page.put(entries('b'));
    expect(openPage().take([])).toEqual(entries('b'));
  });

  it('leaves nothing in the browser when there is nothing', () => {
    openPage().put([]);
    expect(sessionStorage).toHaveLength(0);
    expect(openPage().take([])).toEqual([]);
    expect(sessionStorage).toHaveLength(0);
  });

  it.each(['', '{', 'null', '7', '{}', '[null]', 'undefined'])('is none when it is damaged: %s', damaged => {
    sessionStorage.setItem('shoptrail', damaged);
    expect(openPage().take([])).toEqual([]);
    sessionStorage.setItem('shoptrail', damaged);
    openPage().put(entries('a'));
    expect(openPage().take([])).toEqual(entries('a'));
  });

  it('is nothing where the browser refuses or is full', () => {
    for (const method of ['getItem', 'setItem', 'removeItem'] as const)
      vi.spyOn(Storage.prototype, method).mockImplementation(() => {
        throw new DOMException('refused', 'SecurityError');
      });
    vi.stubGlobal(
      'sessionStorage',
      new Proxy(
        {},
        {
          get: () => {
            throw new DOMException('refused', 'SecurityError');
          },
          set: () => {
            throw new DOMException('full', 'QuotaExceededError');
          },
        },
      ),
    );
    const page = openPage();
    expect(() => page.put(entries('a'))).not.toThrow();
    expect(page.take([])).toEqual([]);
    vi.unstubAllGlobals();
  });
});
