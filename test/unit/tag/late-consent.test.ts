// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { configure } from '../../../src/tag/config';
import { toPrint } from '../../../src/tag/identity/print';

/** What is kept, read when the test lets it. */
const table = new Map<string, [IDBValidKey, unknown]>();
let reading: Promise<unknown> = Promise.resolve();
vi.mock('../../../src/tag/storage/store', () => ({
  createStore: () => ({
    all: () => reading.then(() => [...table.values()]),
    get: async (keys: IDBValidKey[]) => keys.map(key => table.get(`${key}`)?.[1]),
    put: (key: IDBValidKey, value: unknown) => table.set(`${key}`, [key, value]),
    remove: (key: IDBValidKey) => table.delete(`${key}`),
    leave() {},
    end() {},
    isSilent: () => false,
    left: () => [],
  }),
}));

const { startTag } = await import('../../../src/tag/tag');

const page = window as unknown as { dataLayer?: unknown[] };
const quiet = { endpoint: '/x', pageViews: false, attributes: false } as const;
const now = () => ({ at: Date.now() });
const granted = { analytics_storage: 'granted', ad_user_data: 'granted' };
const denied = { analytics_storage: 'denied', ad_user_data: 'denied' };
const week = () => Math.floor(Date.now() / 604_800_000).toString(36);

let requests: {
  path: string;
  body: { events?: { event: Record<string, unknown> }[]; anonymousId?: string };
}[];
let forgetListeners: () => void;

const isShown = (state: 'hidden' | 'visible') => {
  Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
  dispatchEvent(new Event('visibilitychange'));
};

beforeEach(() => {
  vi.useFakeTimers();
  const { addEventListener } = window;
  const ended = new AbortController();
  vi.spyOn(window, 'addEventListener').mockImplementation(((type: string, heard: never, options: unknown) =>
    addEventListener.call(window, type, heard, {
      capture: options === true,
      ...Object(options),
      signal: ended.signal,
    })) as never);
  forgetListeners = () => ended.abort();
  requests = [];
  vi.stubGlobal('fetch', async (url: string, { body }: { body: string }) => {
    const request = { path: new URL(url).pathname, body: JSON.parse(body) };
    requests.push(request);
    if (/subscribe/.test(url)) return new Response(null, { status: 503 });
    const accepted = request.body.events?.map(({ id }: { id: string }) => id) ?? [];
    return new Response(JSON.stringify({ accepted, rejected: [] }));
  });
  table.clear();
  sessionStorage.clear();
  reading = Promise.resolve();
});
afterEach(() => {
  forgetListeners();
  delete page.dataLayer;
  // biome-ignore lint/suspicious/noDocumentCookie: as the visitor removes it
  document.cookie = 'shoptrail_id=; path=/; max-age=0';
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it.each(['', 'Apple Computer, Inc.'])(
  'makes no other cookie, and sends nothing, when a withdrawal is first seen before a request (%j)',
  async vendor => {
    vi.spyOn(navigator, 'vendor', 'get').mockReturnValue(vendor);
    page.dataLayer = [['consent', 'default', granted]];
    const tag = startTag(configure(quiet), () => {}, {});
    tag.track(now(), 'one');
    await vi.advanceTimersByTimeAsync(1000);
    requests = [];
    // Long after any click.
    page.dataLayer.push(['consent', 'update', denied]);
    await vi.advanceTimersByTimeAsync(1100);
    expect(document.cookie).not.toContain('shoptrail_id');
    await vi.advanceTimersByTimeAsync(5000);
    expect(document.cookie).not.toContain('shoptrail_id');
    expect(requests).toEqual([]);
  },
);

it('keeps for the next page what waits for a banner that spoke after the tag had begun', async () => {
  const options = configure({ ...quiet, consentHold: 'session' });
  const tag = startTag(options, () => {}, {});
  await vi.advanceTimersByTimeAsync(10);
  page.dataLayer = [['consent', 'default', denied]];
  // For who asks first, a default of no is not an answer yet.
  dispatchEvent(new Event('DOMContentLoaded'));
  tag.track(now(), 'waits');
  await vi.advanceTimersByTimeAsync(10);
  isShown('hidden');
  isShown('visible');
  expect(sessionStorage.shoptrail).toContain('waits');
  page.dataLayer.push(['consent', 'update', granted]);
  await vi.advanceTimersByTimeAsync(5000);
  expect(sessionStorage.shoptrail).toBeUndefined();
  const sent = requests.flatMap(({ body }) => body.events ?? []).map(({ event }) => event.eventTypeKey);
  expect(sent).toEqual(['waits']);
});

describe('a person who may not be named yet, before the table of another one is read', () => {
  const bob = '22222222-2222-4222-8222-222222222222';
  const person = { email: 'bob@shop.test', phone: '380507654321' };

  /** Tells what the page says at its start, and whom its events name when they leave. */
  const namesAfter = async (said: (tag: ReturnType<typeof startTag>) => void) => {
    // biome-ignore lint/suspicious/noDocumentCookie: as another page has written it
    document.cookie = `shoptrail_id=${bob}.${week()}.${toPrint(bob, person)}; path=/`;
    table.set(`p,${bob}`, [['p', bob], person]);
    let read = () => {};
    reading = new Promise<void>(resolve => {
      read = resolve;
    });
    const tag = startTag(configure({ ...quiet, identifyEvent: false }), () => {}, {
      events: 'granted',
      identity: 'pending',
    });
    said(tag);
    await vi.advanceTimersByTimeAsync(5);
    read();
    await vi.advanceTimersByTimeAsync(500);
    tag.consent({ identity: 'granted' });
    await vi.advanceTimersByTimeAsync(9000);
    const sent = requests.flatMap(({ body }) => body.events ?? []).map(({ event }) => event);
    return sent.map(({ eventTypeKey, keyValue }) => `${eventTypeKey} ${keyValue}`);
  };

  it('gets an anonymous id of their own', async () => {
    const names = await namesAfter(tag => {
      tag.identify(now(), { email: 'ann@shop.test' });
      tag.track(now(), 'order');
    });
    expect(names).toEqual(['order ann@shop.test']);
  });

  it('is told in two parts, and loses none', async () => {
    const names = await namesAfter(tag => {
      tag.identify(now(), { email: 'ann@shop.test' });
      tag.track(now(), 'one');
      tag.identify(now(), { phone: '380501234567' });
      tag.track(now(), 'two');
    });
    expect(names).toEqual(['one ann@shop.test', 'two ann@shop.test']);
  });

  it('has what was tracked since the sign-out before', async () => {
    const names = await namesAfter(tag => {
      tag.reset();
      tag.track(now(), 'one');
      tag.identify(now(), { email: 'ann@shop.test' });
      tag.track(now(), 'two');
    });
    expect(names).toEqual(['one ann@shop.test', 'two ann@shop.test']);
  });
});

it('names no anonymous id in a subscription that is tried again after a withdrawal', async () => {
  const tag = startTag(configure(quiet), () => {}, { events: 'granted', identity: 'granted' });
  tag.track(now(), 'one');
  await vi.advanceTimersByTimeAsync(10);
  void tag.subscribe(now(), { email: 'ann@shop.test' });
  await vi.advanceTimersByTimeAsync(10);
  const subscriptions = () => requests.filter(({ path }) => path.includes('subscribe'));
  expect(subscriptions().map(({ body }) => 'anonymousId' in body)).toEqual([true]);
  tag.consent({ events: 'denied', identity: 'denied' });
  await vi.advanceTimersByTimeAsync(20_000);
  const [, ...later] = subscriptions();
  expect(later.length).toBeGreaterThan(0);
  expect(later.map(({ body }) => 'anonymousId' in body)).not.toContain(true);
});
