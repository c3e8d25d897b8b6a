// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const { startTag } = vi.hoisted(() => ({ startTag: vi.fn() }));
vi.mock('../../../src/tag/tag', () => ({ startTag }));

import { createShoptrail } from '../../../src/tag/shoptrail';
import type { Moment } from '../../../src/tag/tag';
import type { Emit } from '../../../src/tag/types';

type Made = [method: string, moment: Moment, ...args: unknown[]];

/** A tag that remembers its calls instead of making them; `answer` is what each of them does. */
const createTag = (answer: (...made: Made) => unknown = () => undefined) => {
  const calls: Made[] = [];
  const method =
    (name: string) =>
    (moment: Moment, ...args: unknown[]) => {
      calls.push([name, moment, ...args]);
      return answer(name, moment, ...args);
    };
  startTag.mockImplementation(() => ({
    track: method('track'),
    identify: method('identify'),
    reset: method('reset'),
    flush: method('flush'),
  }));
  return calls;
};

const visit = (url: string) =>
  (window as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL(url);
const emitOf = () => startTag.mock.calls[0]![1] as Emit;
const withoutMoments = (calls: Made[]) => calls.map(([method, , ...args]) => [method, ...args]);

let warn: ReturnType<typeof vi.spyOn>;
let info: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  startTag.mockReset();
  visit('https://shop.example/');
  warn = vi.spyOn(console, 'warn').mockReturnValue();
  info = vi.spyOn(console, 'info').mockReturnValue();
});
afterEach(() => vi.restoreAllMocks());

describe('calls before the tag has started', () => {
  it('are kept, and made in their order, each once, when it has', async () => {
    const calls = createTag();
    const shoptrail = createShoptrail();
    shoptrail.track('productCategoryViewed', { category: { productCategoryId: 'Mugs' } });
    shoptrail.identify({ email: 'ann@example.com' });
    shoptrail.reset();
    expect(calls).toEqual([]);
    shoptrail.init({ endpoint: '/x' });
    shoptrail.track('abandoned_cart', { items: 1 });
    shoptrail.flush();
    await vi.waitFor(() => expect(calls).toHaveLength(5));
    shoptrail.track('later', {});
    await vi.waitFor(() => expect(calls).toHaveLength(6));
    expect(withoutMoments(calls)).toEqual([
      ['track', 'productCategoryViewed', { category: { productCategoryId: 'Mugs' } }],
      ['identify', { email: 'ann@example.com' }],
      ['reset'],
      ['track', 'abandoned_cart', { items: 1 }],
      ['flush'],
      ['track', 'later', {}],
    ]);
  });

  it('keep the time and the page of the call', async () => {
    const calls = createTag();
    const shoptrail = createShoptrail();
    const before = Date.now();
    visit('https://shop.example/mugs');
    shoptrail.track('one', {});
    visit('https://shop.example/cart');
    shoptrail.track('two', {});
    visit('https://shop.example/thanks');
    shoptrail.init({ endpoint: '/x' });
    await vi.waitFor(() => expect(calls).toHaveLength(2));
    const moments = calls.map(([, moment]) => moment);
    expect(moments.map(({ href }) => href)).toEqual([
      'https://shop.example/mugs',
      'https://shop.example/cart',
    ]);
    for (const { at } of moments) expect(Math.abs(at - before)).toBeLessThan(10_000);
  });

  it('that the stub has gathered are kept with their own moment', async () => {
    const calls = createTag();
    const shoptrail = createShoptrail();
    const moment = { at: 5, href: 'https://shop.example/early' };
    shoptrail.replay(['track', Object.assign(['x', { a: 1 }]), moment]);
    shoptrail.init({ endpoint: '/x' });
    await vi.waitFor(() => expect(calls).toEqual([['track', moment, 'x', { a: 1 }]]));
  });

  it('let flush() resolve: there is nothing to wait for yet', async () => {
    const calls = createTag();
    await expect(createShoptrail().flush()).resolves.toBeUndefined();
    expect(calls).toEqual([]);
  });

  // { price: 1 }. The payload is copied at the call (DESIGN section 3), but not before init().
  it('keep what the payload was at the call', async () => {
    const calls = createTag();
    const shoptrail = createShoptrail();
    const payload = { price: 1 };
    shoptrail.track('x', payload);
    payload.price = 2;
    shoptrail.init({ endpoint: '/x' });
    await vi.waitFor(() => expect(calls).toHaveLength(1));
    expect(calls[0]![3]).toEqual({ price: 1 });
  });
});

describe('starting', () => {
  it('hands on the options with their defaults', async () => {
    createTag();
    createShoptrail().init({ endpoint: '/x', delay: 5 });
    await vi.waitFor(() => expect(startTag).toHaveBeenCalledOnce());
    expect(startTag.mock.calls[0]![0]).toMatchObject({ endpoint: '/x', delay: 5, pageViews: true });
  });

  it.each([[undefined], [null], [{}], [7]])(
    'without an endpoint warns, and can be made up for: %j',
    async options => {
      const calls = createTag();
      const shoptrail = createShoptrail();
      shoptrail.track('x', {});
      expect(() => shoptrail.init(options as never)).not.toThrow();
      expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('no endpoint'));
      expect(startTag).not.toHaveBeenCalled();
      shoptrail.init({ endpoint: '/x' });
      await vi.waitFor(() => expect(calls).toHaveLength(1));
      expect(warn).toHaveBeenCalledOnce();
    },
  );

  it('twice warns and starts once', async () => {
    const calls = createTag();
    const shoptrail = createShoptrail();
    shoptrail.track('x', {});
    shoptrail.init({ endpoint: '/x' });
    shoptrail.init({ endpoint: '/y' });
    await vi.waitFor(() => expect(calls).toHaveLength(1));
    expect(startTag).toHaveBeenCalledOnce();
    expect(warn).toHaveBeenCalledExactlyOnceWith('shoptrail: init: the tag has already started');
  });

  it('that fails is a warning, and what was called is kept for the next try', async () => {
    const calls = createTag();
    startTag.mockImplementationOnce(() => {
      throw Error('a wrong address');
    });
    const shoptrail = createShoptrail();
    shoptrail.init({ endpoint: 'http://' });
    await vi.waitFor(() => expect(warn).toHaveBeenCalledExactlyOnceWith('shoptrail: a wrong address'));
    shoptrail.track('x', {});
    await expect(shoptrail.flush()).resolves.toBeUndefined();
    shoptrail.init({ endpoint: '/x' });
    await vi.waitFor(() => expect(calls).toHaveLength(2));
  });
});

describe('nothing is thrown into the shop’s page', () => {
  const fail = () => {
    throw Error('ann@example.com');
  };

  it.each<[string, () => unknown]>([
    ['nothing', () => undefined],
    ['null', () => null],
    ['a symbol', () => Symbol('x')],
    ['a BigInt', () => 10n],
    ['a function that throws', () => fail],
    ['a getter that throws', () => Object.defineProperty({}, 'email', { enumerable: true, get: fail })],
    ['a proxy whose traps throw', () => new Proxy({}, { get: fail, has: fail, ownKeys: fail })],
  ])('by any call before and after the start that is given %s', async (_, make) => {
    const value = make();
    const calls = createTag(() => {
      throw Error('ann@example.com');
    });
    const shoptrail = createShoptrail();
    const refused: unknown[] = [];
    shoptrail.on('invalid', notice => refused.push(notice));
    const callAll = () => {
      (shoptrail.track as (...values: unknown[]) => void)(value, value);
      shoptrail.identify(value as never);
      (shoptrail.reset as (value: unknown) => void)(value);
      shoptrail.consent(value as never);
      return shoptrail.flush();
    };
    await expect(callAll()).resolves.toBeUndefined();
    shoptrail.init({ endpoint: '/x' });
    await vi.waitFor(() => expect(calls).toHaveLength(4));
    await expect(callAll()).resolves.toBeUndefined();
    await vi.waitFor(() => expect(refused).toHaveLength(10));
    expect(JSON.stringify(refused)).not.toContain('ann@example.com');
  });

  it('by what fails later, inside a call', async () => {
    createTag(async () => {
      throw Error('ann@example.com');
    });
    const shoptrail = createShoptrail();
    const refused: unknown[] = [];
    shoptrail.on('invalid', notice => refused.push(notice));
    shoptrail.init({ endpoint: '/x' });
    await vi.waitFor(() => expect(startTag).toHaveBeenCalled());
    await expect(shoptrail.flush()).resolves.toBeUndefined();
    expect(refused).toEqual([{ event: 'flush', reason: expect.not.stringContaining('ann@') }]);
  });

  it('by a listener of the shop’s that throws, and the next listener is told all the same', async () => {
    createTag();
    const shoptrail = createShoptrail();
    const told: unknown[] = [];
    shoptrail.on('tracked', () => {
      throw Error('a slip of the shop’s');
    });
    shoptrail.on('tracked', undefined as never);
    shoptrail.on('tracked', notice => told.push(notice));
    shoptrail.init({ endpoint: '/x' });
    await vi.waitFor(() => expect(startTag).toHaveBeenCalled());
    expect(() => emitOf()('tracked', { event: 'x', id: '1' })).not.toThrow();
    expect(told).toEqual([{ event: 'x', id: '1' }]);
  });

  // a listener that is never told anything, as with any other unknown name.
  it.each(['constructor', 'toString', '__proto__'])('by listening to %s', name => {
    expect(() => createShoptrail().on(name as never, () => {})).not.toThrow();
  });
});

describe('a listener', () => {
  it('is told of its own notices only, until it stops, which stops no other', async () => {
    createTag();
    const shoptrail = createShoptrail();
    const told: string[] = [];
    const stop = shoptrail.on('accepted', ({ ids }) => told.push(`first ${ids}`));
    shoptrail.on('accepted', ({ ids }) => told.push(`second ${ids}`));
    shoptrail.on('rejected', ({ id }) => told.push(`rejected ${id}`));
    shoptrail.init({ endpoint: '/x' });
    await vi.waitFor(() => expect(startTag).toHaveBeenCalled());
    emitOf()('accepted', { ids: ['1'] });
    stop();
    stop();
    emitOf()('accepted', { ids: ['2'] });
    emitOf()('degraded', {});
    expect(told).toEqual(['first 1', 'second 1', 'second 2']);
  });

  it('may stop listening while it is told', async () => {
    createTag();
    const shoptrail = createShoptrail();
    const told: string[] = [];
    const stop = shoptrail.on('degraded', () => {
      told.push('first');
      stop();
    });
    shoptrail.on('degraded', () => told.push('second'));
    shoptrail.init({ endpoint: '/x' });
    await vi.waitFor(() => expect(startTag).toHaveBeenCalled());
    emitOf()('degraded', {});
    emitOf()('degraded', {});
    expect(told).toEqual(['first', 'second', 'second']);
  });
});

describe('the console', () => {
  it('is silent unless the shop asks for debug', async () => {
    createTag();
    createShoptrail().init({ endpoint: '/x' });
    await vi.waitFor(() => expect(startTag).toHaveBeenCalled());
    emitOf()('invalid', { event: 'x', reason: 'y' });
    expect(info).not.toHaveBeenCalled();
    expect(warn).not.toHaveBeenCalled();
  });

  it('says in debug mode what is tracked, refused and delivered, and which listener fails', async () => {
    createTag();
    const shoptrail = createShoptrail();
    shoptrail.on('invalid', () => {
      throw Error('slip');
    });
    shoptrail.init({ endpoint: '/x', debug: true });
    await vi.waitFor(() => expect(startTag).toHaveBeenCalled());
    emitOf()('invalid', { event: 'x', reason: 'y' });
    expect(info.mock.calls).toEqual([
      ['shoptrail:', 'invalid', { event: 'x', reason: 'y' }],
      ['shoptrail:', 'a listener failed', Error('slip')],
    ]);
  });
});

it('The tag knows its version.', () => {
  expect(createShoptrail().version).toBe('test');
});
