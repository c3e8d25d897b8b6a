// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRequests } from '../../../src/tag/delivery/request';

type Init = RequestInit & { signal: AbortSignal };

/** What an endpoint does with a request: an answer, or undefined for none before it is given up. */
type Plan = (path: string, n: number) => Response | Error | undefined;

const answer = (status: number, text = '', headers: Record<string, string> = {}) =>
  new Response(status === 204 ? null : text, { status, headers });

const endpointThat = (plan: Plan) => {
  const made: [url: string, init: Init][] = [];
  vi.stubGlobal('fetch', (url: string, init: Init) => {
    const reply = plan(new URL(url).pathname, made.push([url, init]));
    if (reply instanceof Error) return Promise.reject(reply);
    if (reply) return Promise.resolve(reply);
    return new Promise((_, reject) => {
      init.signal.addEventListener('abort', () => reject(init.signal.reason));
    });
  });
  return made;
};

const visit = (url: string) =>
  (window as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL(url);

beforeEach(() => {
  visit('https://shop.example/a/b?c=1#d');
  vi.useFakeTimers();
  vi.setSystemTime(Date.parse('2026-01-01T00:00:00Z'));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** What a promise has come to, and when, in milliseconds from now. */
const settling = <Value>(promise: Promise<Value>) => {
  const start = Date.now();
  const outcome: { value?: Value; error?: unknown; after?: number } = {};
  promise
    .then(
      value => Object.assign(outcome, { value }),
      error => Object.assign(outcome, { error }),
    )
    .then(() => Object.assign(outcome, { after: Date.now() - start }));
  return outcome;
};

describe('a request', () => {
  it.each([
    ['/x', 'https://shop.example/x/v2/event', 'application/json'],
    ['/x/', 'https://shop.example/x/v2/event', 'application/json'],
    ['https://shop.example/x', 'https://shop.example/x/v2/event', 'application/json'],
    ['x', 'https://shop.example/a/x/v2/event', 'application/json'],
    ['https://relay.example', 'https://relay.example/v2/event', 'text/plain;charset=UTF-8'],
    ['https://relay.example/api/', 'https://relay.example/api/v2/event', 'text/plain;charset=UTF-8'],
    ['//relay.example/x', 'https://relay.example/x/v2/event', 'text/plain;charset=UTF-8'],
    ['http://shop.example/x', 'http://shop.example/x/v2/event', 'text/plain;charset=UTF-8'],
    ['https://shop.example:8443/x', 'https://shop.example:8443/x/v2/event', 'text/plain;charset=UTF-8'],
    ['https://shop.example.evil/x', 'https://shop.example.evil/x/v2/event', 'text/plain;charset=UTF-8'],
  ])('to %s goes where it should, in a form that needs no preflight', async (endpoint, url, type) => {
    const made = endpointThat(() => answer(200, '{}'));
    await createRequests(endpoint).post('/v2/event', '{"a":1}');
    const { signal, ...init } = made[0]![1];
    expect(made[0]![0]).toBe(url);
    expect(init).toEqual({
      method: 'POST',
      body: '{"a":1}',
      keepalive: true,
      credentials: 'include',
      headers: { 'content-type': type },
    });
  });

  it('is kept alive beyond the page unless it is not to be', async () => {
    const made = endpointThat(() => answer(200));
    const { post } = createRequests('/x');
    await post('/v2/event', '');
    await post('/v2/event', '', false);
    expect(made.map(([, { keepalive }]) => keepalive)).toEqual([true, false]);
  });

  it.each([
    [200, '{"accepted":[]}', {}, undefined],
    [204, '', {}, undefined],
    [400, 'no', {}, undefined],
    [429, '', { 'retry-after': '120' }, 120_000],
    [503, 'later', { 'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT' }, 60_000],
  ])('answers the status %i, the whole text and how long to wait', async (status, text, headers, wait) => {
    endpointThat(() => answer(status, text, headers));
    expect(await createRequests('/x').post('/v2/event', '')).toEqual({ status, text, wait });
  });

  it('rejects when there is no answer, and when its text never ends well', async () => {
    endpointThat((_, n) =>
      n === 1
        ? TypeError('Failed to fetch')
        : Object.assign(answer(200), { text: () => Promise.reject(TypeError('lost')) }),
    );
    const { post } = createRequests('/x');
    await expect(post('/v2/event', '')).rejects.toThrow('Failed to fetch');
    await expect(post('/v2/event', '')).rejects.toThrow('lost');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is given up after half a minute without an answer', async () => {
    const made = endpointThat(() => undefined);
    const outcome = settling(createRequests('/x').post('/v2/event', ''));
    await vi.advanceTimersByTimeAsync(29_999);
    expect([outcome.after, made[0]![1].signal.aborted]).toEqual([undefined, false]);
    await vi.advanceTimersByTimeAsync(1);
    expect([outcome.after, made[0]![1].signal.aborted]).toEqual([30_000, true]);
    expect(outcome.error).toMatchObject({ name: 'AbortError' });
  });

  it('leaves no clock behind once it is answered', async () => {
    const made = endpointThat(() => answer(200));
    await createRequests('/x').post('/v2/event', '');
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(made[0]![1].signal.aborted).toBe(false);
  });
});

describe('abort()', () => {
  it('ends every request on its way, and none that comes later', async () => {
    const made = endpointThat((_, n) => (n > 2 ? answer(200) : undefined));
    const requests = createRequests('/x');
    const [one, two] = [settling(requests.post('/v2/event', '')), settling(requests.post('/visitor', ''))];
    requests.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(one.error).toMatchObject({ name: 'AbortError' });
    expect(two.error).toMatchObject({ name: 'AbortError' });
    expect((await requests.post('/v2/event', '')).status).toBe(200);
    expect(made[2]![1].signal.aborted).toBe(false);
  });

  it('leaves alone what is answered, and what others have on their way', async () => {
    const made = endpointThat((_, n) => (n === 1 ? answer(200) : undefined));
    const requests = createRequests('/x');
    await requests.post('/v2/event', '');
    const others = settling(createRequests('/x').post('/v2/event', ''));
    requests.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(made.map(([, { signal }]) => signal.aborted)).toEqual([false, false]);
    expect(others.after).toBeUndefined();
  });

  it('does not keep insist() from trying again', async () => {
    const made = endpointThat((_, n) => (n === 1 ? undefined : answer(202)));
    const requests = createRequests('/x');
    const outcome = settling(requests.insist('/forget', () => ({})));
    requests.abort();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(outcome.value?.status).toBe(202);
    expect(made).toHaveLength(2);
  });
});

describe('insist()', () => {
  // Backoff without its share of chance: a second, and no more.
  beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0));

  it.each([200, 202, 204, 400, 401, 403, 404, 413, 422])(
    'returns a final answer at once: %i',
    async status => {
      const made = endpointThat(() => answer(status));
      const outcome = settling(createRequests('/x').insist('/forget', () => ({ a: 1 })));
      await vi.advanceTimersByTimeAsync(0);
      expect([outcome.value?.status, outcome.after]).toEqual([status, 0]);
      expect(made).toHaveLength(1);
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  it('tries again after 429, 503 and no answer at all, as long as each asks for, with the same body', async () => {
    const made = endpointThat(
      (_, n) =>
        [
          answer(429, '', { 'retry-after': '60' }),
          answer(503),
          TypeError('Failed to fetch'),
          answer(202, 'done'),
        ][n - 1],
    );
    const outcome = settling(createRequests('/x').insist('/forget', () => ({ a: 1 })));
    const requestsAfter = async (milliseconds: number) => {
      await vi.advanceTimersByTimeAsync(milliseconds);
      return made.length;
    };
    expect(await requestsAfter(60_999)).toBe(1);
    expect(await requestsAfter(1)).toBe(2);
    expect(await requestsAfter(999)).toBe(2);
    expect(await requestsAfter(1)).toBe(3);
    expect(await requestsAfter(1000)).toBe(4);
    expect(outcome.value).toEqual({ status: 202, text: 'done', wait: undefined });
    expect(outcome.after).toBe(63_000);
    expect(new Set(made.map(([url, { body }]) => `${url} ${body}`))).toEqual(
      new Set(['https://shop.example/x/forget {"a":1}']),
    );
  });

  it('says what may be told when it tries, not what might be told at first', async () => {
    const made = endpointThat((_, n) => answer(n === 1 ? 503 : 202));
    let told: object = { anonymousId: 'a1' };
    createRequests('/x').insist('/forget', () => told);
    await vi.advanceTimersByTimeAsync(0);
    told = {};
    await vi.advanceTimersByTimeAsync(1000);
    expect(made.map(([, { body }]) => body)).toEqual(['{"anonymousId":"a1"}', '{}']);
  });

  it('waits longer after each failure, with its share of chance', async () => {
    vi.mocked(Math.random).mockReturnValue(0.999999);
    const at: number[] = [];
    endpointThat(() => {
      at.push(Date.now());
      return answer(500);
    });
    createRequests('/x').insist('/forget', () => ({}));
    await vi.advanceTimersByTimeAsync(600_000);
    const waits = at.slice(1).map((time, n) => Math.round((time - at[n]!) / 1000));
    expect(waits).toEqual([3, 5, 9, 17, 33, 65, 129]);
  });

  it.each([
    ['fails', () => answer(503)],
    ['says later', () => answer(429)],
    ['cannot be reached', () => TypeError('Failed to fetch')],
  ])('gives up after eight tries where the endpoint %s, with the last of them', async (_, plan) => {
    const made = endpointThat(plan);
    const outcome = settling(createRequests('/x').insist('/forget', () => ({})));
    await vi.advanceTimersByTimeAsync(600_000);
    expect(made).toHaveLength(8);
    expect(outcome).toEqual({ value: undefined, after: 7000 });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives up where nothing answers in time', async () => {
    const made = endpointThat(() => undefined);
    const outcome = settling(createRequests('/x').insist('/forget', () => ({})));
    await vi.advanceTimersByTimeAsync(600_000);
    expect(made).toHaveLength(8);
    expect(outcome).toEqual({ value: undefined, after: 8 * 30_000 + 7000 });
  });
});

describe('beacon()', () => {
  const CHROMIUM = 'Google Inc.';
  const WEBKIT = 'Apple Computer, Inc.';
  const FIREFOX = '';

  const inBrowserOf = (vendor: string) => vi.spyOn(navigator, 'vendor', 'get').mockReturnValue(vendor);

  const sendBeacon = (plan: (url: string, body: Blob | string) => boolean) => {
    const send = vi.fn(plan);
    Object.defineProperty(navigator, 'sendBeacon', { value: send, configurable: true });
    return send;
  };

  it.each([CHROMIUM, WEBKIT, FIREFOX])('is a text to another origin in a browser of "%s"', vendor => {
    inBrowserOf(vendor);
    const made = endpointThat(() => answer(200));
    const send = sendBeacon(() => true);
    expect(createRequests('https://relay.example').beacon('/v2/event', '{"ключ":1}')).toBe(true);
    expect(send.mock.calls).toEqual([['https://relay.example/v2/event', '{"ключ":1}']]);
    expect(made).toEqual([]);
  });

  it.each([WEBKIT, FIREFOX])('is JSON to its own origin in a browser of "%s"', async vendor => {
    inBrowserOf(vendor);
    const made = endpointThat(() => answer(200));
    const send = sendBeacon(() => true);
    expect(createRequests('/x').beacon('/v2/event', '{"ключ":1}')).toBe(true);
    const [to, body] = send.mock.calls[0] as [string, Blob];
    expect([to, body.type, await body.text()]).toEqual([
      'https://shop.example/x/v2/event',
      'application/json',
      '{"ключ":1}',
    ]);
    expect(made).toEqual([]);
  });

  it.each([
    ['answers', () => answer(200)],
    ['fails', () => TypeError('Failed to fetch')],
    ['says nothing', () => undefined],
  ])('is a fetch that outlives the page to its own origin in Chromium; the endpoint %s', async (_, plan) => {
    inBrowserOf(CHROMIUM);
    const made = endpointThat(plan);
    const send = sendBeacon(() => true);
    expect(createRequests('/x').beacon('/v2/event', '{"ключ":1}')).toBe(true);
    expect(send).not.toHaveBeenCalled();
    expect(made).toMatchObject([
      [
        'https://shop.example/x/v2/event',
        {
          method: 'POST',
          body: '{"ключ":1}',
          keepalive: true,
          headers: { 'content-type': 'application/json' },
        },
      ],
    ]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([true, false])('beside another request is one whose word counts: %s', async taken => {
    inBrowserOf(CHROMIUM);
    const made = endpointThat(() => undefined);
    const send = sendBeacon(() => taken);
    const { post, beacon } = createRequests('/x');
    const first = settling(post('/v2/event', '1'));
    expect(beacon('/v2/event', '2')).toBe(taken);
    expect(made).toHaveLength(1);
    expect(await (send.mock.calls[0]![1] as Blob).text()).toBe('2');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(first.error).toBeDefined();
    expect(beacon('/v2/event', '3')).toBe(true);
    expect(made).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(30_000);
  });

  it.each(['/x', 'https://relay.example'])('to %s says when the browser did not take it', endpoint => {
    sendBeacon(() => false);
    expect(createRequests(endpoint).beacon('/v2/event', '')).toBe(false);
  });

  it.each(['/x', 'https://relay.example'])(
    'to %s says so too where the browser throws, or has none',
    endpoint => {
      sendBeacon(() => {
        throw TypeError('refused');
      });
      expect(createRequests(endpoint).beacon('/v2/event', '')).toBe(false);
      Object.defineProperty(navigator, 'sendBeacon', { value: undefined, configurable: true });
      expect(createRequests(endpoint).beacon('/v2/event', '')).toBe(false);
    },
  );
});
