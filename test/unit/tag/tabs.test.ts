import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTabs, GONE } from '../../../src/tag/delivery/tabs';
import type { Kept } from '../../../src/tag/queue/queue';

type Callback = (lock: unknown) => unknown;

/** The Web Locks of one browser: what several tabs see of each other. */
const createLocks = () => {
  const held = new Map<string, Promise<unknown>>();
  return {
    held,
    names: () => [...held.keys()].sort(),
    request: vi.fn(
      async (name: string, options: { ifAvailable?: boolean } | Callback, callback?: Callback) => {
        const work = (callback ?? options) as Callback;
        const { ifAvailable } = (callback ? options : {}) as { ifAvailable?: boolean };
        if (held.has(name) && ifAvailable) return work(null);
        while (held.has(name)) await held.get(name);
        const holding = Promise.resolve(work({ name })).finally(() => held.delete(name));
        held.set(name, holding);
        return holding;
      },
    ),
    query: vi.fn(async () => ({ held: [...held.keys()].map(name => ({ name })), pending: [] })),
  };
};

let locks: ReturnType<typeof createLocks>;
beforeEach(() => {
  locks = createLocks();
  vi.stubGlobal('navigator', { locks });
  vi.useFakeTimers();
  vi.setSystemTime(1_000_000);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** Lets every promise that can go on, go on. */
const soon = () => vi.advanceTimersByTimeAsync(0);

const eventOf = (page: string, age = 0) => ({ page, at: Date.now() - age }) as Kept;

/** Work that ends when a test says so. */
const createWork = () => {
  let end: (result: string) => void = () => {};
  const granted: boolean[] = [];
  return {
    granted,
    end: (result: string) => end(result),
    run: (is: boolean) => {
      granted.push(is);
      return new Promise<string>(done => {
        end = done;
      });
    },
  };
};

describe('claim()', () => {
  it('holds a lock with the page’s name until it is released, once however often it is called', async () => {
    const tabs = createTabs('p1');
    tabs.claim();
    tabs.claim();
    await soon();
    expect(locks.names()).toEqual(['shoptrail.p1']);
    expect(locks.request).toHaveBeenCalledTimes(1);
    tabs.release();
    await soon();
    expect(locks.names()).toEqual([]);
    tabs.release();
    tabs.claim();
    await soon();
    expect(locks.names()).toEqual(['shoptrail.p1']);
  });

  it('and release() in one go leave nothing', async () => {
    const tabs = createTabs('p1');
    tabs.claim();
    tabs.release();
    await soon();
    expect(locks.names()).toEqual([]);
    tabs.claim();
    tabs.release();
    tabs.claim();
    await soon();
    expect(locks.names()).toEqual(['shoptrail.p1']);
  });

  it('of several pages each holds its own', async () => {
    for (const page of ['p1', 'p2']) createTabs(page).claim();
    await soon();
    expect(locks.names()).toEqual(['shoptrail.p1', 'shoptrail.p2']);
  });

  it('is no error where the browser refuses', async () => {
    // No mock: those handle the rejection themselves.
    const request = () => Promise.reject(new DOMException('refused', 'SecurityError'));
    vi.stubGlobal('navigator', { locks: { ...locks, request } });
    const rejected = vi.fn();
    process.once('unhandledRejection', rejected);
    const tabs = createTabs('p1');
    expect(() => tabs.claim()).not.toThrow();
    vi.useRealTimers();
    await new Promise(done => setTimeout(done));
    process.off('unhandledRejection', rejected);
    expect(rejected).not.toHaveBeenCalled();
    tabs.release();
  });
});

describe('isGone()', () => {
  it('is what holds no lock, as last looked', async () => {
    const [mine, theirs] = [createTabs('p1'), createTabs('p2')];
    theirs.claim();
    await soon();
    expect(mine.isGone(eventOf('p2'))).toBe(true);
    await mine.look();
    expect(mine.isGone(eventOf('p2'))).toBe(false);
    expect(mine.isGone(eventOf('p3'))).toBe(true);
    theirs.release();
    await soon();
    expect(mine.isGone(eventOf('p2'))).toBe(false);
    await mine.look();
    expect(mine.isGone(eventOf('p2'))).toBe(true);
  });

  it('does not take one page for another whose name begins alike', async () => {
    createTabs('p12').claim();
    await soon();
    const mine = createTabs('p3');
    await mine.look();
    expect(mine.isGone(eventOf('p1'))).toBe(true);
    expect(mine.isGone(eventOf('p12'))).toBe(false);
  });

  it('is what is very old, though its lock is held: a lock may outlive its page', async () => {
    createTabs('p2').claim();
    await soon();
    const mine = createTabs('p1');
    await mine.look();
    expect(mine.isGone(eventOf('p2', 3 * GONE))).toBe(false);
    expect(mine.isGone(eventOf('p2', 3 * GONE + 1))).toBe(true);
  });

  it('is everything else where the locks cannot be asked', async () => {
    locks.query.mockRejectedValue(new DOMException('refused', 'SecurityError'));
    const mine = createTabs('p1');
    await mine.look();
    expect(mine.isGone(eventOf('p2'))).toBe(true);
    locks.query.mockResolvedValue({} as never);
    await mine.look();
    expect(mine.isGone(eventOf('p2'))).toBe(true);
  });
});

describe('lend()', () => {
  it('lends to one tab at a time, and tells the other that it has not', async () => {
    const [one, two] = [createWork(), createWork()];
    const first = createTabs('p1').lend(one.run);
    await soon();
    const second = createTabs('p2').lend(two.run);
    await soon();
    expect([one.granted, two.granted]).toEqual([[true], [false]]);
    one.end('first');
    two.end('second');
    expect(await Promise.all([first, second])).toEqual(['first', 'second']);
    const three = createWork();
    createTabs('p2').lend(three.run);
    await soon();
    expect(three.granted).toEqual([true]);
  });

  it('answers what the work answers, or how it failed, and gives back either way', async () => {
    const tabs = createTabs('p1');
    expect(await tabs.lend(async granted => `${granted}`)).toBe('true');
    await expect(tabs.lend(() => Promise.reject(Error('work')))).rejects.toThrow('work');
    await soon();
    expect(locks.names()).toEqual([]);
  });

  it('ends when the page leaves; the work goes on, and is answered', async () => {
    const tabs = createTabs('p1');
    const work = createWork();
    tabs.claim();
    const result = tabs.lend(work.run);
    await soon();
    expect(locks.names()).toEqual(['shoptrail', 'shoptrail.p1']);
    tabs.leave();
    await soon();
    expect(locks.names()).toEqual([]);
    work.end('done');
    expect(await result).toBe('done');
  });

  it('can be had again after the page has left and come back', async () => {
    const tabs = createTabs('p1');
    tabs.leave();
    const work = createWork();
    tabs.lend(work.run);
    await soon();
    tabs.leave();
    await soon();
    const again = createWork();
    tabs.lend(again.run);
    await soon();
    expect([work.granted, again.granted]).toEqual([[true], [true]]);
    expect(locks.names()).toEqual(['shoptrail']);
  });

  it('is not ended by release()', async () => {
    const tabs = createTabs('p1');
    tabs.lend(createWork().run);
    await soon();
    tabs.release();
    await soon();
    expect(locks.names()).toEqual(['shoptrail']);
  });

  it('fails where the browser refuses', async () => {
    locks.request.mockRejectedValue(new DOMException('refused', 'SecurityError'));
    await expect(createTabs('p1').lend(async () => 'never')).rejects.toThrow('refused');
  });
});

describe('without Web Locks', () => {
  beforeEach(() => vi.stubGlobal('navigator', {}));

  it('age alone says whose page is gone', async () => {
    const tabs = createTabs('p1');
    await tabs.look();
    expect(tabs.isGone(eventOf('p2', GONE))).toBe(false);
    expect(tabs.isGone(eventOf('p2', GONE + 1))).toBe(true);
  });

  it('every tab is lent what there is', async () => {
    const work = vi.fn(async (granted: boolean) => granted);
    expect(await Promise.all([createTabs('p1').lend(work), createTabs('p2').lend(work)])).toEqual([
      true,
      true,
    ]);
  });

  it('claim(), release() and leave() do nothing', () => {
    const tabs = createTabs('p1');
    expect(() => {
      tabs.release();
      tabs.claim();
      tabs.leave();
      tabs.claim();
    }).not.toThrow();
  });
});
