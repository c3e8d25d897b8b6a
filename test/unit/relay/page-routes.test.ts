import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Log } from '../../../src/relay/core/log';
import type { Outbox } from '../../../src/relay/core/outbox';
import { authorization, createPlatform } from '../../../src/relay/core/platform';
import { createRelay, type Relay, type RelayOptions } from '../../../src/relay/core/relay';
import { openSqliteOutbox } from '../../../src/relay/hosts/sqlite-outbox';
import { envelopeOf, visitorA, visitorB } from './support/events';
import { startPlatformServer } from './support/platform-server';

let outbox: Outbox;
let now: number;
let lines: { level: string; sentence: string; facts: unknown }[];
beforeEach(() => {
  outbox = openSqliteOutbox(':memory:');
  now = 1_700_000_000_000;
  lines = [];
});
afterEach(() => outbox.close());

const line = (level: string) => (facts: unknown, sentence: string) => {
  lines.push({ level, facts, sentence });
};
const log: Log = { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };

const relayWith = (options: Partial<RelayOptions> = {}) =>
  createRelay({
    outbox,
    platform: { post: async () => ({ kind: 'later' }) },
    now: () => now,
    log,
    ...options,
  });

interface Sent {
  relay?: Relay;
  headers?: Record<string, string>;
  address?: string;
  scheme?: string;
}

const post = async (
  path: string,
  body: unknown,
  { relay = relayWith(), headers, address, scheme = 'http' }: Sent = {},
) => {
  const request = new Request(`${scheme}://shop.example${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', host: 'shop.example', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const response = await relay.fetch(request, { address });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined };
};

describe('the visitor’s cookie', () => {
  const id = `${visitorA}.2wk9`;
  const cookieFor = async (body: object, sent?: Sent) => {
    const { status, headers } = await post('/x/visitor', body, sent);
    expect(status).toBe(204);
    return headers.get('set-cookie');
  };

  it('lives 400 days more', async () => {
    expect(await cookieFor({ id })).toBe(`shoptrail_id=${id}; Path=/; Max-Age=34560000; SameSite=Lax`);
  });

  it.each([
    ['https', {}, true],
    ['http', { 'x-forwarded-proto': 'https' }, true],
    ['http', { 'x-forwarded-proto': 'https, http' }, true],
    ['https', { 'x-forwarded-proto': 'http' }, false],
    ['http', {}, false],
  ])('over %s with %o', async (scheme, headers, secure) => {
    const cookie = await cookieFor({ id }, { scheme, headers: headers as Record<string, string> });
    expect(cookie!.includes('; Secure')).toBe(secure);
  });

  it.each([
    ['shop.example', 'shop.example', 'shop.example'],
    ['www.shop.example', 'shop.example', 'shop.example'],
    ['www.shop.example', '.Shop.Example', 'shop.example'],
    ['www.shop.example:8443', 'shop.example', 'shop.example'],
    ['a.b.shop.co.uk', 'shop.co.uk', 'shop.co.uk'],
    ['shop.example', 'www.shop.example', undefined],
    ['myshop.example', 'shop.example', undefined],
    ['shop.example', 'example', undefined],
    ['shop.example', '', undefined],
    ['shop.example', 'evil.example', undefined],
    ['127.0.0.1:8081', '127.0.0.1', undefined],
    ['127.0.0.1:8081', '0.1', undefined],
    ['[::1]:8081', '[::1]', undefined],
    ['localhost', 'localhost', undefined],
    ['shop.example', 'shop.example; HttpOnly', undefined],
    ['shop.example', 'shop.example\r\nX: 1', undefined],
    ['shop.example', 5, undefined],
  ])('asked at %s for %j', async (host, domain, expected) => {
    const cookie = await cookieFor({ id, domain }, { headers: { host } });
    expect(/; Domain=(.*)$/.exec(cookie!)?.[1]).toBe(expected);
  });

  it('carries on what the tag has noted of who is known', async () => {
    const known = `${visitorA}.r2wk9.-q0-x7--`;
    expect(await cookieFor({ id: known })).toContain(`shoptrail_id=${known};`);
  });

  it('is for the host that the visitor asked, behind a proxy too', async () => {
    const headers = { host: '127.0.0.1:8081', 'x-forwarded-host': 'www.shop.example' };
    expect(await cookieFor({ id, domain: 'shop.example' }, { headers })).toContain('; Domain=shop.example');
  });

  it.each([
    {},
    { id: visitorA },
    { id: `${visitorA}.` },
    { id: `${visitorA}.toolong7` },
    { id: `${visitorA}.a; HttpOnly` },
    { id: `${visitorA}.a.` },
    { id: `${visitorA}.a.--x7; HttpOnly` },
    { id: `${visitorA}.a.${'-x'.repeat(11)}` },
    { id: `${visitorA}.a.x7.x7` },
    { id: `${visitorA.toUpperCase().replace(/1/g, 'G')}.a` },
    'nonsense',
  ])('is not made of %j', async body => {
    const { status, headers, body: answer } = await post('/x/visitor', body);
    expect(status).toBe(400);
    expect(headers.get('set-cookie')).toBeNull();
    expect(answer.error).toMatch(/: /);
  });

  it('is only for pages that may send events', async () => {
    const relay = relayWith({ allowedOrigins: ['https://www.shop.example'] });
    const foreign = await post('/x/visitor', { id }, { relay, headers: { origin: 'https://evil.example' } });
    expect([foreign.status, foreign.headers.get('set-cookie')]).toEqual([403, null]);
    const { status, headers } = await post(
      '/x/visitor',
      { id },
      { relay, headers: { origin: 'https://www.shop.example' } },
    );
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe('https://www.shop.example');
    expect(headers.get('access-control-allow-credentials')).toBe('true');
    expect(headers.get('access-control-expose-headers')).toMatch(/retry-after/i);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('is limited by visitor and by address', async () => {
    const byVisitor = relayWith({ visitorRate: 1 });
    expect((await post('/x/visitor', { id }, { relay: byVisitor })).status).toBe(204);
    const refused = await post('/x/visitor', { id }, { relay: byVisitor });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
    const byAddress = relayWith({ addressRate: 1 });
    const sent = { relay: byAddress, address: '203.0.113.7' };
    expect((await post('/x/visitor', { id }, sent)).status).toBe(204);
    expect((await post('/x/visitor', { id: `${visitorB}.a` }, sent)).status).toBe(429);
  });

  it('is set by no other route', async () => {
    const relay = relayWith({ subscribe: {} });
    const headers = { cookie: `shoptrail_id=${id}` };
    const answers = [
      await post('/x/v2/event', { events: [envelopeOf(visitorA)] }, { relay, headers }),
      await post('/x/forget', { anonymousId: visitorA }, { relay, headers }),
      await post('/x/v1/contact/subscribe', subscription(), { relay, headers }),
      await post('/x/nothing', {}, { relay, headers }),
    ];
    expect(answers.map(answer => answer.status)).toEqual([200, 204, 202, 404]);
    for (const answer of answers) expect(answer.headers.get('set-cookie')).toBeNull();
    const got = await relay.fetch(new Request('http://shop.example/x/visitor', { headers }));
    expect([got.status, got.headers.get('set-cookie')]).toEqual([405, null]);
  });
});

describe('forgetting a visitor', () => {
  it('drops what has not left, and knows a late copy', async () => {
    const relay = relayWith();
    const [one, other] = [envelopeOf(visitorA), envelopeOf(visitorB)];
    await post('/x/v2/event', { events: [one, other] }, { relay });
    expect((await post('/x/forget', { anonymousId: visitorA }, { relay })).status).toBe(204);
    expect(await outbox.list('waiting', 9)).toEqual([other.id]);
    expect((await post('/x/v2/event', { events: [one] }, { relay })).body.accepted).toEqual([one.id]);
    expect(await outbox.list('waiting', 9)).toEqual([other.id]);
  });

  it('is asked for with a uuid, by pages that may send events, not too often', async () => {
    expect((await post('/x/forget', { anonymousId: 'ann@example.com' })).status).toBe(400);
    expect((await post('/x/forget', {})).status).toBe(400);
    const headers = { origin: 'https://evil.example' };
    expect((await post('/x/forget', { anonymousId: visitorA }, { headers })).status).toBe(403);
    const relay = relayWith({ visitorRate: 1 });
    expect((await post('/x/forget', { anonymousId: visitorA }, { relay })).status).toBe(204);
    expect((await post('/x/forget', { anonymousId: visitorA }, { relay })).status).toBe(429);
  });
});

const path = '/x/v1/contact/subscribe';
const subscription = (more: object = {}, contact: object = {}) => ({
  contact: { channels: [{ type: 'email', value: ' Ann@Shop.EXAMPLE ' }], ...contact },
  ...more,
});
const stored = async () => (await outbox.claim(now, 9, 'subscription')).map(row => JSON.parse(row.body));

describe('a subscription', () => {
  it('is off unless it is switched on, and the answer says how', async () => {
    const { status, body } = await post(path, subscription());
    expect(status).toBe(404);
    expect(body.error).toContain('SUBSCRIBE=on');
    expect(await outbox.list('waiting', 9)).toEqual([]);
  });

  it('is stored as it was understood, and nothing else of it', async () => {
    const relay = relayWith({ subscribe: {} });
    const { status, body } = await post(
      path,
      subscription(
        { groups: ['News'], formType: 'footer', callback: 'https://evil.example' },
        {
          firstName: ' Ann ',
          lastName: '',
          externalCustomerId: 'gid://shopify/Customer/123',
          channels: [
            { type: 'email', value: ' Ann@Shop.EXAMPLE ', x: 1 },
            { type: 'sms', value: '+380 (94) 258-36-91' },
          ],
          fields: [{ id: 12345, value: true }],
          id: 5,
        },
      ),
      { relay },
    );
    expect(status).toBe(202);
    expect(await outbox.list('waiting', 9)).toEqual([body.id]);
    expect(await stored()).toEqual([
      {
        contact: {
          firstName: 'Ann',
          channels: [
            { type: 'email', value: 'Ann@shop.example' },
            { type: 'sms', value: '380942583691' },
          ],
          externalCustomerId: '123',
          fields: [{ id: '12345', value: true }],
        },
        groups: ['News'],
        formType: 'footer',
      },
    ]);
  });

  it('needs no more than an address', async () => {
    const relay = relayWith({ subscribe: {} });
    expect((await post(path, subscription({}, { externalCustomerId: 'null' }), { relay })).status).toBe(202);
    expect(await stored()).toEqual([
      { contact: { channels: [{ type: 'email', value: 'Ann@shop.example' }] } },
    ]);
  });

  it('is stored once under its id, and a repeat is not counted against anybody', async () => {
    const relay = relayWith({ subscribe: { rate: 1 } });
    const id = randomUUID();
    for (let times = 0; times < 3; times++) {
      expect((await post(path, subscription({ id }), { relay })).body).toEqual({ id });
    }
    expect(await outbox.list('waiting', 9)).toEqual([id]);
  });

  const email = (value: unknown) => ({ channels: [{ type: 'email', value }] });
  const sms = (value: unknown) => ({ channels: [{ type: 'sms', value }] });
  it.each([
    ['nothing', {}],
    ['a text', 'secret-marker'],
    ['no contact', { contact: null }],
    ['no channel', subscription({}, { channels: [] })],
    [
      'three channels',
      subscription({}, { channels: Array(3).fill({ type: 'email', value: 'ann@secret-marker.example' }) }),
    ],
    ['another channel', subscription({}, { channels: [{ type: 'secret-marker', value: 'x' }] })],
    ['a broken address', subscription({}, email('secret-marker'))],
    ['an address without a dot', subscription({}, email('ann@secret-marker'))],
    ['an address that is no text', subscription({}, email(['secret-marker']))],
    ['a long address', subscription({}, email(`${'a'.repeat(250)}@secret-marker.example`))],
    ['a national number', subscription({}, sms('0501234567'))],
    ['a number with letters', subscription({}, sms('secret-marker'))],
    ['a long name', subscription({}, { firstName: 'secret-marker'.repeat(5) })],
    ['a name that is no text', subscription({}, { lastName: { 'secret-marker': 1 } })],
    ['a form type with a slash', subscription({ formType: 'secret-marker/1' })],
    ['a long form type', subscription({ formType: 'secret-marker'.repeat(5) })],
    ['groups that are no list', subscription({ groups: 'secret-marker' })],
    ['a group that is not allowed', subscription({ groups: ['News', 'secret-marker'] })],
    ['a bad id', subscription({ id: 'x' })],
    ['a bad visitor', subscription({ anonymousId: 'secret-marker' })],
    ['a bad field', subscription({}, { fields: [{ id: 'secret-marker', value: 1 }] })],
    ['a bad customer', subscription({}, { externalCustomerId: ['secret-marker'] })],
  ])('is refused with a reason that quotes nothing: %s', async (_, body) => {
    const answer = await post(path, body, { relay: relayWith({ subscribe: { groups: ['News'] } }) });
    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatch(/^[\w.]+: .{5,}/);
    expect(answer.body.error).not.toContain('secret-marker');
    expect(JSON.stringify(lines)).not.toContain('secret-marker');
    expect(await outbox.list('waiting', 9)).toEqual([]);
  });

  it('takes a customer by a number, unless it may have lost digits', async () => {
    const relay = relayWith({ subscribe: {} });
    const of = (id: string) =>
      `{"contact":{"channels":[{"type":"email","value":"a@b.example"}],"externalCustomerId":${id}}}`;
    const refused = await post(path, of('9007199254740993'), { relay });
    expect(refused.status).toBe(400);
    expect(refused.body.error).toMatch(/^contact\.externalCustomerId: .*text/);
    expect((await post(path, of('9007199254740991'), { relay })).status).toBe(202);
    const [row] = await outbox.claim(now, 9, 'subscription');
    expect(JSON.parse(row!.body).contact.externalCustomerId).toBe('9007199254740991');
  });

  it('is at most 10 KB', async () => {
    const relay = relayWith({ subscribe: {} });
    const large = subscription({}, { fields: [{ id: 1, value: 'x'.repeat(10_240) }] });
    expect((await post(path, large, { relay })).status).toBe(413);
  });

  it('may name any group when none is set', async () => {
    const relay = relayWith({ subscribe: {} });
    expect((await post(path, subscription({ groups: ['Anything'] }), { relay })).status).toBe(202);
  });

  it('is only for pages that may send events', async () => {
    const relay = relayWith({ subscribe: {} });
    const headers = { origin: 'https://evil.example' };
    expect((await post(path, subscription(), { relay, headers })).status).toBe(403);
  });

  const different = (at: number) => email(`ann${at}@example.com`);
  it('is limited by the hour for an address', async () => {
    const relay = relayWith({ subscribe: { rate: 2 } });
    const send = async (at: number, address: string) =>
      post(path, subscription({}, different(at)), { relay, address });
    expect((await send(1, '203.0.113.7')).status).toBe(202);
    expect((await send(2, '203.0.113.7')).status).toBe(202);
    const refused = await send(3, '203.0.113.7');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1800']);
    expect((await send(3, '203.0.113.8')).status).toBe(202);
    now += 1_800_000;
    expect((await send(4, '203.0.113.7')).status).toBe(202);
  });

  it('is limited by the hour for a visitor, by body or cookie', async () => {
    const relay = relayWith({ subscribe: { rate: 2 } });
    const cookie = { cookie: `a=b; shoptrail_id=${visitorA}.1` };
    const send = async (at: number, more: object, headers = {}) =>
      (await post(path, subscription(more, different(at)), { relay, headers })).status;
    expect(await send(1, { anonymousId: visitorA })).toBe(202);
    expect(await send(2, {}, cookie)).toBe(202);
    expect(await send(3, {}, cookie)).toBe(429);
    expect(await send(3, { anonymousId: visitorB })).toBe(202);
  });

  it('is limited by the hour for whoever would be written to', async () => {
    const relay = relayWith({ subscribe: { rate: 2 } });
    const statuses = [];
    for (const address of ['1.1.1.1', '2.2.2.2', '3.3.3.3']) {
      statuses.push((await post(path, subscription(), { relay, address })).status);
    }
    expect(statuses).toEqual([202, 202, 429]);
  });
});

describe('a subscription on its way', () => {
  let server: Awaited<ReturnType<typeof startPlatformServer>>;
  let relay: Relay | undefined;
  beforeEach(async () => {
    server = await startPlatformServer();
    relay = undefined;
  });
  afterEach(async () => {
    await relay?.stop(1_000);
    await server.close();
  });

  const subscribed = async (wantedState: 'forwarded' | 'dead' | 'waiting') => {
    relay = createRelay({
      outbox,
      platform: createPlatform({ url: server.url, authorization: authorization({ apiKey: 'key' }) }),
      log,
      subscribe: {},
      forwarding: { backoff: { base: 1, cap: 5 }, probeEvery: 10, rate: { start: 1_000 } },
    });
    await relay.start();
    const { body } = await post(path, subscription({ formType: 'footer' }), { relay });
    await vi.waitFor(async () => expect(await outbox.list(wantedState, 9)).toEqual([body.id]));
    return body.id as string;
  };

  it('goes to the platform as it was stored, and is gone from here', async () => {
    await subscribed('forwarded');
    const [one] = server.received;
    expect([one!.method, one!.path]).toEqual(['POST', '/api/v1/contact/subscribe']);
    expect(JSON.parse(one!.text)).toEqual({
      contact: { channels: [{ type: 'email', value: 'Ann@shop.example' }] },
      formType: 'footer',
    });
  });

  it('is tried again', async () => {
    server.answer = (_, at) => ({ status: at < 2 ? 503 : 200 });
    await subscribed('forwarded');
    expect(server.received).toHaveLength(3);
  });

  it('that is refused is a dead letter with the platform’s words, which are not logged', async () => {
    server.answer = () => ({ status: 400, text: 'Wrong: ann@shop.example' });
    await subscribed('dead');
    expect((await outbox.deadLetters(1))[0]).toMatchObject({
      type: 'subscribe',
      reason: 'Wrong: ann@shop.example',
    });
    expect(lines.filter(one => one.level === 'warn').map(one => one.sentence)).toEqual([
      expect.stringContaining('refused a subscription'),
    ]);
    expect(JSON.stringify(lines).toLowerCase()).not.toContain('ann@');
  });

  it.each([401, 403])('waits on %i, says so in one line, and does not hold up events', async status => {
    let refusing = true;
    server.answer = one => ({ status: refusing && one.path.endsWith('subscribe') ? status : 200 });
    const id = await subscribed('waiting');
    await vi.waitFor(() => expect(relay!.state().pausedLanes.subscription).toBeDefined());
    const event = envelopeOf(visitorA);
    await post('/x/v2/event', { events: [event] }, { relay });
    await vi.waitFor(async () => expect(await outbox.list('forwarded', 9)).toEqual([event.id]));
    await vi.waitFor(() => expect(server.received.length).toBeGreaterThan(4));
    expect(lines.filter(one => one.level === 'error').map(one => one.sentence)).toEqual([
      expect.stringMatching(new RegExp(`^The API key may not subscribe contacts \\(${status}\\): `)),
    ]);
    expect(relay!.state().paused).toBeUndefined();
    refusing = false;
    await vi.waitFor(async () =>
      expect((await outbox.list('forwarded', 9)).sort()).toEqual([id, event.id].sort()),
    );
  });
});

describe('health', () => {
  it('says which setting history waits for, and whether subscriptions are on', async () => {
    const ask = async (options: Partial<RelayOptions>) =>
      (await relayWith(options).fetch(new Request('http://shop.example/healthz'))).json();
    expect(await ask({})).toMatchObject({
      history: { waiting: 0 },
      subscriptions: { on: false, waiting: 0 },
      pausedLanes: {},
    });
    const row = { id: randomUUID(), at: 1, type: 'x', visitor: visitorA, body: '{}' };
    await outbox.add([{ ...row, lane: 'history' }], now);
    expect(await ask({})).toMatchObject({
      ok: true,
      history: { waiting: 1, problem: expect.stringContaining('PLATFORM_TIMEZONE') },
    });
    const { history, subscriptions } = await ask({ timeZone: 'Europe/Kyiv', subscribe: {} });
    expect([history, subscriptions]).toEqual([{ waiting: 1 }, { on: true, waiting: 0 }]);
  });
});
