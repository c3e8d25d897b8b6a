// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { names } from '../../../src/tag/storage/names';
import { keepSwept, sweep } from '../../../src/tag/storage/sweep';

const visit = (url: string) =>
  (window as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL(url);

/** The cookies of a browser, each under its name and domain; nothing is kept without a value. */
const createCookies = () => {
  const kept = new Map<string, string>();
  vi.spyOn(document, 'cookie', 'get').mockImplementation(() => [...kept.values()].join('; '));
  const set = vi.spyOn(document, 'cookie', 'set').mockImplementation(line => {
    const [pair] = line.split('; ');
    const key = `${pair!.split('=')[0]} ${/domain=([^;]*)/.exec(line)?.[1]}`;
    if (/max-age=0(;|$)/.test(line)) kept.delete(key);
    else kept.set(key, pair!);
  });
  return { kept, set };
};

let cookies: ReturnType<typeof createCookies>;
const deleteDatabase = vi.fn();
beforeEach(() => {
  visit('https://www.shop.example/');
  vi.stubGlobal('indexedDB', { deleteDatabase });
  cookies = createCookies();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  deleteDatabase.mockReset();
  localStorage.clear();
  sessionStorage.clear();
});

const fill = () => {
  cookies.kept.set('shoptrail_id shop.example', 'shoptrail_id=a.b');
  cookies.kept.set('shoptrail_cart undefined', 'shoptrail_cart=c.d');
  localStorage.setItem('shoptrail.p1', '[]');
  localStorage.setItem('shoptrail.p2-0a1b2c3d', '[]');
  sessionStorage.setItem('shoptrail', '[]');
};

describe('sweep()', () => {
  it('removes everything the tag may have kept, of whichever page', () => {
    fill();
    sweep();
    expect(document.cookie).toBe('');
    expect(Object.keys(localStorage)).toEqual([]);
    expect(Object.keys(sessionStorage)).toEqual([]);
    expect(deleteDatabase.mock.calls).toEqual([['shoptrail']]);
  });

  it('knows every name there is', () => {
    // A name that is added must be removed here too.
    expect(Object.keys(names).sort()).toEqual(['cart', 'database', 'hold', 'journal', 'visitor']);
  });

  it('leaves what is the shop’s', () => {
    fill();
    cookies.kept.set('cart undefined', 'cart=1');
    cookies.kept.set('my_shoptrail_id undefined', 'my_shoptrail_id=1');
    for (const key of ['cart', 'shoptrails', 'shop', 'my.shoptrail.p1']) localStorage.setItem(key, '1');
    sessionStorage.setItem('shoptrail.p1', '1');
    sweep();
    expect(document.cookie.split('; ').sort()).toEqual(['cart=1', 'my_shoptrail_id=1']);
    expect(Object.keys(localStorage).sort()).toEqual(['cart', 'my.shoptrail.p1', 'shop', 'shoptrails']);
    expect(Object.keys(sessionStorage)).toEqual(['shoptrail.p1']);
  });

  it('writes no cookie where there is none', () => {
    sweep();
    expect(cookies.set).not.toHaveBeenCalled();
  });

  it('removes what it can where the browser refuses a part', () => {
    for (const refused of ['localStorage', 'sessionStorage', 'indexedDB']) {
      fill();
      const before = Object.getOwnPropertyDescriptor(globalThis, refused)!;
      Object.defineProperty(globalThis, refused, {
        configurable: true,
        get: () => {
          throw new DOMException('refused', 'SecurityError');
        },
      });
      expect(sweep).not.toThrow();
      Object.defineProperty(globalThis, refused, before);
      expect(document.cookie).toBe('');
      if (refused !== 'localStorage') expect(Object.keys(localStorage)).toEqual([]);
      if (refused !== 'sessionStorage') expect(Object.keys(sessionStorage)).toEqual([]);
    }
    expect(deleteDatabase).toHaveBeenCalledTimes(2);
  });
});

describe('keepSwept()', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const lateAnswer = () => cookies.kept.set('shoptrail_id undefined', 'shoptrail_id=a.b');

  it('removes what a late answer brings back, each second for half a minute, and then looks no more', () => {
    keepSwept(() => true);
    for (let second = 1; second < 30; second++) {
      lateAnswer();
      vi.advanceTimersByTime(1000);
      expect(document.cookie).toBe('');
    }
    vi.advanceTimersByTime(1000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends as soon as the visitor allows something', () => {
    let isUnwanted = true;
    keepSwept(() => isUnwanted);
    isUnwanted = false;
    lateAnswer();
    vi.advanceTimersByTime(1000);
    expect(document.cookie).toBe('shoptrail_id=a.b');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('touches nothing while nothing comes back', () => {
    keepSwept(() => true);
    vi.advanceTimersByTime(60_000);
    expect(cookies.set).not.toHaveBeenCalled();
    expect(deleteDatabase).not.toHaveBeenCalled();
  });
});
