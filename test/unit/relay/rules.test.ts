import { describe, expect, it } from 'vitest';
import { addressKey, clientAddress, isLocal } from '../../../src/relay/core/addresses';
import { hasBearer } from '../../../src/relay/core/bearer';
import { correctedAt } from '../../../src/relay/core/clock-rule';
import { leaves } from '../../../src/relay/core/event-types';
import { nestsDeeper } from '../../../src/relay/core/json-depth';
import { occurredIn } from '../../../src/relay/core/occurred';
import { isAllowedOrigin } from '../../../src/relay/core/origins';
import { authorization } from '../../../src/relay/core/platform';
import { createPlatformRate } from '../../../src/relay/core/platform-rate';
import { createRateLimit } from '../../../src/relay/core/rate-limit';
import { backoffWait, retryAfter } from '../../../src/relay/core/retry';
import { readAnswer, readFailure } from '../../../src/relay/core/verdict';
import { visitorOf } from '../../../src/relay/core/visitor';

const minute = 60_000;

describe('the clock rule', () => {
  it.each([
    ['a request without sentAt', 5_000, undefined, 5_000],
    ['an offset below two minutes', 5_000, 10 * minute - (2 * minute - 1), 5_000],
    ['a clock two minutes late', 5_000, 8 * minute, 5_000 + 2 * minute],
    ['a clock an hour ahead', 70 * minute, 70 * minute, 10 * minute],
  ])('%s', (_, at, sentAt, expected) => {
    expect(correctedAt(at, sentAt, 10 * minute)).toBe(expected);
  });
});

describe('the local minute of a moment', () => {
  it.each([
    ['UTC', '2026-01-31T23:59:59.999Z', '2026-01-31T23:59'],
    ['UTC', '2026-02-01T00:00:00.000Z', '2026-02-01T00:00'],
    ['Europe/Kyiv', '2026-01-15T10:30:00Z', '2026-01-15T12:30'],
    ['Europe/Kyiv', '2026-07-15T10:30:00Z', '2026-07-15T13:30'],
    // 29 March 2026: 03:00 becomes 04:00.
    ['Europe/Kyiv', '2026-03-29T00:59:30Z', '2026-03-29T02:59'],
    ['Europe/Kyiv', '2026-03-29T01:00:00Z', '2026-03-29T04:00'],
    // 25 October 2026: 04:00 becomes 03:00, and 03:30 is twice.
    ['Europe/Kyiv', '2026-10-25T00:30:00Z', '2026-10-25T03:30'],
    ['Europe/Kyiv', '2026-10-25T01:30:00Z', '2026-10-25T03:30'],
    ['Europe/Kyiv', '2026-10-25T02:00:00Z', '2026-10-25T04:00'],
    ['America/New_York', '2026-03-08T06:59:00Z', '2026-03-08T01:59'],
    ['America/New_York', '2026-03-08T07:00:00Z', '2026-03-08T03:00'],
    ['America/New_York', '2026-11-01T05:59:00Z', '2026-11-01T01:59'],
    ['America/New_York', '2026-11-01T06:00:00Z', '2026-11-01T01:00'],
    ['America/New_York', '2026-01-01T04:59:00Z', '2025-12-31T23:59'],
    ['Asia/Kathmandu', '2026-05-01T18:15:00Z', '2026-05-02T00:00'],
  ])('%s, %s', (zone, moment, expected) => {
    expect(occurredIn(zone)(Date.parse(moment))).toBe(expected);
  });
});

describe('the depth of JSON', () => {
  it('is counted outside strings only', () => {
    expect(nestsDeeper('{"a":[1,{"b":"[[[[["}]}', 3)).toBe(false);
    expect(nestsDeeper('{"a":[1,{"b":"\\"[[[[["}]}', 3)).toBe(false);
    expect(nestsDeeper('{"a":[1,{"b":[]}]}', 3)).toBe(true);
  });

  it('is found in what would overflow a parser', () => {
    expect(nestsDeeper('['.repeat(400_000), 64)).toBe(true);
  });
});

describe('the setting EVENTS', () => {
  it.each([
    [undefined, ['pageViewed', 'abandoned_cart'], []],
    ['', ['pageViewed'], []],
    ['*', ['pageViewed'], []],
    ['productViewed, cartUpdated', ['productViewed', 'cartUpdated'], ['pageViewed']],
    ['!pageViewed', ['cartUpdated'], ['pageViewed']],
    ['cartUpdated,pageViewed,!pageViewed', ['cartUpdated'], ['pageViewed', 'searchRequest']],
  ])('%s', (list, leaving, staying) => {
    expect([...leaving, ...staying].filter(leaves(list))).toEqual(leaving);
  });
});

describe('a rate limit', () => {
  it('lets a minute’s worth through at once, then what the minute gives', () => {
    const limit = createRateLimit(60);
    limit.take('a', 60, 0);
    expect(limit.wait('a', 0)).toBe(1_000);
    expect(limit.wait('a', 1_000)).toBe(0);
    expect(limit.wait('b', 0)).toBe(0);
  });

  it('lets one long queue through and asks for patience after it', () => {
    const limit = createRateLimit(60);
    limit.take('a', 1_000, 0);
    expect(limit.wait('a', 0)).toBe(61_000);
  });

  it('forgets the key unused for longest', () => {
    const limit = createRateLimit(1, 2);
    for (const key of ['a', 'b', 'a', 'c']) limit.take(key, 1, 0);
    expect(['a', 'b', 'c'].map(key => limit.wait(key, 0) > 0)).toEqual([true, false, true]);
  });

  it('is no limit when it is 0', () => {
    const limit = createRateLimit(0);
    limit.take('a', 1_000, 0);
    expect(limit.wait('a', 0)).toBe(0);
  });

  it('goes on from the new time when the clock is set back, also for who only asks', () => {
    const limit = createRateLimit(60);
    limit.take('a', 61, 1e9);
    expect(limit.wait('a', 0)).toBe(2_000);
    expect(limit.wait('a', 1_000)).toBe(1_000);
    expect(limit.wait('a', 2_000)).toBe(0);
  });
});

describe('the origin', () => {
  const allowed = ['https://shop.example'];
  it.each([
    ['a server: none', {}, true],
    ['a listed one', { origin: 'https://shop.example', host: 'relay.example' }, true],
    ['a foreign one', { origin: 'https://evil.example', host: 'relay.example' }, false],
    ['a sandboxed frame', { origin: 'null', host: 'relay.example' }, false],
    ['nonsense', { origin: 'shop', host: 'relay.example' }, false],
    ['the relay’s own', { origin: 'http://127.0.0.1:8081', host: '127.0.0.1:8081' }, true],
    ['its own host on another port', { origin: 'http://127.0.0.1:8080', host: '127.0.0.1:8081' }, false],
    ['its own, with the scheme’s port', { origin: 'https://a.example', host: 'a.example:443' }, true],
    [
      'its own behind a proxy',
      { origin: 'http://127.0.0.1:8080', host: '127.0.0.1:8081', 'x-forwarded-host': '127.0.0.1:8080' },
      true,
    ],
    [
      'its own behind two proxies',
      { origin: 'https://a.example', host: 'in', 'x-forwarded-host': 'a.example, mid' },
      true,
    ],
    [
      'its own as the browser says',
      { origin: 'https://a.example', host: 'in', 'sec-fetch-site': 'same-origin' },
      true,
    ],
    [
      'a foreign one as the browser says',
      { origin: 'https://b.example', host: 'in', 'sec-fetch-site': 'cross-site' },
      false,
    ],
  ])('%s', (_, headers, expected) => {
    expect(isAllowedOrigin(new Headers(headers as Record<string, string>), allowed)).toBe(expected);
  });
});

describe('the address', () => {
  const via = (forwardedFor: string) => new Headers({ 'x-forwarded-for': forwardedFor });

  it('is the connection’s, when no proxy is trusted', () => {
    expect(clientAddress(via('1.2.3.4'), '9.9.9.9', 0)).toBe('9.9.9.9');
  });

  it('is unknown behind an undeclared proxy of the own network', () => {
    expect(clientAddress(via('1.2.3.4'), '127.0.0.1', 0)).toBeUndefined();
    expect(clientAddress(via('1.2.3.4'), '::ffff:172.18.0.1', 0)).toBeUndefined();
  });

  it('is what the nearest trusted proxy saw, not what the visitor claims', () => {
    expect(clientAddress(via('forged, 1.2.3.4'), '127.0.0.1', 1)).toBe('1.2.3.4');
    expect(clientAddress(via('forged, 1.2.3.4, 10.0.0.1'), '127.0.0.1', 2)).toBe('1.2.3.4');
    expect(clientAddress(new Headers(), '9.9.9.9', 1)).toBe('9.9.9.9');
  });

  it('counts a /64 of IPv6 as one', () => {
    expect(addressKey('2001:db8:1:2:3:4:5:6')).toBe(addressKey('2001:db8:1:2::9'));
    expect(addressKey('2001:db8:1:2::9')).not.toBe(addressKey('2001:db8:1:3::9'));
    expect(addressKey('::ffff:1.2.3.4')).toBe('1.2.3.4');
  });

  it('is local only without a proxy in between', () => {
    expect(isLocal(new Headers(), '::1')).toBe(true);
    expect(isLocal(new Headers(), '127.0.0.1')).toBe(true);
    expect(isLocal(new Headers(), '10.0.0.1')).toBe(false);
    expect(isLocal(new Headers(), undefined)).toBe(false);
    expect(isLocal(via('1.2.3.4'), '127.0.0.1')).toBe(false);
  });
});

describe('the bearer token', () => {
  it.each([
    ['Bearer secret', true],
    ['bearer secret', true],
    ['Bearer secre', false],
    ['Bearer ', false],
    ['Basic secret', false],
    ['', false],
  ])('%s', async (header, expected) => {
    expect(await hasBearer(new Headers({ authorization: header }), 'secret')).toBe(expected);
  });
});

describe('authorization', () => {
  it('is Basic with any user for a key, Bearer for a token', () => {
    expect(authorization({ apiKey: 'ключ' })).toBe(
      `Basic ${Buffer.from('shoptrail:ключ').toString('base64')}`,
    );
    expect(authorization({ token: 't' })).toBe('Bearer t');
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2025-11-22T10:00:00Z');
  it.each([
    ['120', 120_000],
    ['0', 0],
    ['Sat, 22 Nov 2025 10:00:30 GMT', 30_000],
    ['Sat, 22 Nov 2025 09:00:00 GMT', 0],
    ['999999', 3_600_000],
    ['Sun, 22 Nov 2026 10:00:00 GMT', 3_600_000],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('%s', (header, expected) => {
    expect(retryAfter(header, now)).toBe(expected);
  });
});

describe('backoff', () => {
  it('doubles its bound up to the cap, with full jitter', () => {
    const bound = (tries: number) => backoffWait(tries, { base: 1_000, cap: 300_000 }, () => 1);
    expect([1, 2, 3, 9, 10, 1_000].map(bound)).toEqual([1_000, 2_000, 4_000, 256_000, 300_000, 300_000]);
    expect(backoffWait(5, { base: 1_000, cap: 300_000 }, () => 0)).toBe(0);
  });
});

describe('the platform’s answer', () => {
  const read = (status: number, text = '', headers: Record<string, string> = {}) =>
    readAnswer(status, new Headers(headers), text, 0);

  it('is accepted with any 2xx, or when it calls the request a duplicate', () => {
    expect([200, 201, 202, 204].map(status => read(status).kind)).toEqual(Array(4).fill('accepted'));
    expect(read(400, '{"message":"Duplicated request"}')).toEqual({ kind: 'accepted', duplicate: true });
  });

  it('is no duplicate when it only quotes what was sent', () => {
    const read = (sent: string) =>
      readAnswer(400, new Headers(), 'Wrong type: Duplicated request', 0, JSON.stringify({ type: sent }));
    expect(read('duplicated REQUEST').kind).toBe('never');
    expect(read('orderPaid').kind).toBe('accepted');
  });

  it('is never with 400, 413 and 422, in the platform’s words cut at a thousand characters', () => {
    expect(read(400, ' Wrong params ')).toEqual({ kind: 'never', status: 400, reason: 'Wrong params' });
    expect(read(413)).toEqual({ kind: 'never', status: 413, reason: 'HTTP 413' });
    expect(read(422, 'x'.repeat(5_000))).toMatchObject({ kind: 'never', reason: 'x'.repeat(1_000) });
  });

  it('pauses on 401 and 403', () => {
    expect(read(401)).toEqual({ kind: 'paused', cause: 'unauthorized' });
    expect(read(403)).toEqual({ kind: 'paused', cause: 'forbidden' });
  });

  it('is later without a doubt where it says that it did nothing', () => {
    expect(read(429, '', { 'retry-after': '7' })).toEqual({ kind: 'later', status: 429, wait: 7_000 });
    expect(read(503)).toEqual({ kind: 'later', status: 503 });
    expect(read(408)).toEqual({ kind: 'later', status: 408 });
  });

  it('is later and in doubt where something broke on the way', () => {
    for (const status of [500, 502, 504, 524]) {
      expect(read(status)).toEqual({ kind: 'later', status, inDoubt: true });
    }
  });

  it('is later and loud where only a human can help', () => {
    for (const status of [301, 404, 405])
      expect(read(status)).toEqual({ kind: 'later', status, loud: expect.stringContaining('PLATFORM_URL') });
  });
});

describe('a request without an answer', () => {
  const failed = (cause: object) => readFailure(new TypeError('fetch failed', { cause }));

  it('is in doubt, as it may have arrived', () => {
    for (const cause of [{ code: 'ECONNRESET' }, { code: 'UND_ERR_SOCKET' }, { name: 'TimeoutError' }]) {
      expect(failed(cause)).toEqual({ kind: 'later', inDoubt: true });
    }
    expect(readFailure(new DOMException('', 'TimeoutError'))).toEqual({ kind: 'later', inDoubt: true });
    expect(failed({ code: 'EHOSTUNREACH', syscall: 'read' })).toEqual({ kind: 'later', inDoubt: true });
  });

  it('is in no doubt when no connection was made', () => {
    for (const cause of [
      { code: 'ECONNREFUSED', syscall: 'connect' },
      { code: 'ENOTFOUND', syscall: 'getaddrinfo' },
      { code: 'UND_ERR_CONNECT_TIMEOUT' },
      { code: 'CERT_HAS_EXPIRED' },
      { code: 'ECONNREFUSED', errors: [{ code: 'ECONNREFUSED', syscall: 'connect' }] },
    ]) {
      expect(failed(cause)).toEqual({ kind: 'later' });
    }
  });
});

describe('the platform’s rate', () => {
  it('grants what the rate gives', () => {
    const rate = createPlatformRate({ start: 20 });
    expect(rate.grant(8, 1_000_000).granted).toBe(5);
    expect(rate.grant(8, 1_000_000)).toEqual({ granted: 0, wait: 50 });
    expect(rate.grant(8, 1_000_050).granted).toBe(1);
  });

  it('rises by five a second while it is the limit, up to its maximum', () => {
    const rate = createPlatformRate({ start: 20, max: 27 });
    const second = () => {
      rate.grant(1_000, 0);
      for (let at = Math.round(rate.current()); at; at--) rate.faster();
    };
    second();
    expect(rate.current()).toBeGreaterThan(24);
    expect(rate.current()).toBeLessThanOrEqual(25);
    second();
    expect(rate.current()).toBe(27);
  });

  it('does not rise while nothing waits for it', () => {
    const rate = createPlatformRate({ start: 20 });
    rate.grant(5, 1_000);
    rate.giveBack(4);
    rate.faster();
    expect(rate.current()).toBe(20);
  });

  it('halves, once for each second, down to its minimum', () => {
    const rate = createPlatformRate({ start: 20, min: 1 });
    rate.slower(0);
    rate.slower(999);
    expect(rate.current()).toBe(10);
    for (let second = 1; second < 20; second++) rate.slower(second * 1_000);
    expect(rate.current()).toBe(1);
  });

  it('does not fall for what may be about one event, while others are taken, nor below what it was at first', () => {
    const rate = createPlatformRate({ start: 20, min: 1, max: 200 });
    rate.grant(1_000, 0);
    for (let n = 0; n < 400; n++) rate.faster();
    const risen = rate.current();
    expect(risen).toBeGreaterThan(50);
    for (let second = 1; second < 60; second++) {
      rate.faster();
      rate.slower(second * 1_000, true);
    }
    expect(rate.current()).toBeGreaterThanOrEqual(risen);
    for (let second = 60; second < 120; second++) rate.slower(second * 1_000, true);
    expect(rate.current()).toBe(20);
    for (let second = 120; second < 140; second++) rate.slower(second * 1_000);
    expect(rate.current()).toBe(1);
    // Nor does it rise by it.
    rate.slower(200_000, true);
    expect(rate.current()).toBe(1);
  });

  it('goes on when the clock is set back', () => {
    const rate = createPlatformRate({ start: 20 });
    rate.grant(100, 3_600_000);
    expect(rate.grant(1, 0).granted).toBe(0);
    expect(rate.grant(1, 100).granted).toBe(1);
  });
});

describe('the visitor of an event', () => {
  const event = (stamp: unknown, keyValue?: string) =>
    ({ params: [{ name: 'shoptrailAnonymousId', value: stamp }], keyValue }) as never;

  it.each([
    ['the stamp', event('ann', 'a@shop.test'), 'ann'],
    ['the key where there is no stamp', event('', 'a@shop.test'), 'a@shop.test'],
    ['the key where the stamp is no text', event(5, 'a@shop.test'), 'a@shop.test'],
    ['else nobody in particular', event(undefined), 'nobody'],
    ['what stands around a U+0000, where SQLite would end', event('an\0n\0'), 'ann'],
    ['nobody in particular, of U+0000 alone', event('\0'), 'nobody'],
    ['no more than 300 characters', event('x'.repeat(19_000)), 'x'.repeat(300)],
  ])('is %s', (_, given, expected) => {
    expect(visitorOf(given, 'nobody')).toBe(expected);
  });

  const named = (params: Record<string, unknown>, keyValue?: string) =>
    ({ params: Object.entries(params).map(([name, value]) => ({ name, value })), keyValue }) as never;

  it.each([
    ['the locator where there is no key', { order: 1, email: 'ann@shop.test' }, 'email:ann@shop.test'],
    ['the strongest of several', { pushToken: 't', phone: '380501234567', contactId: 7 }, 'contactId:7'],
    ['the same by any spelling of the name', { EMAIL: 'ann@shop.test' }, 'email:ann@shop.test'],
    ['the same by any case of the address', { email: ' Ann@Shop.test ' }, 'email:ann@shop.test'],
    ['the same by any spelling of the number', { phone: '+38 (050) 123-45-67' }, 'phone:380501234567'],
    ['the same by a number or its text', { phone: 380501234567 }, 'phone:380501234567'],
    ['a locator as it stands when it cannot be read', { phone: '050 123' }, 'phone:050 123'],
    [
      'not a locator that says nothing',
      { externalCustomerId: 'null', phone: '380501234567' },
      'phone:380501234567',
    ],
    [
      'not the customer 0, who is every guest',
      { externalCustomerId: 0, email: 'a@b.test' },
      'email:a@b.test',
    ],
    ['a locator without U+0000', { externalCustomerId: 'a\0b' }, 'externalCustomerId:ab'],
    ['the next locator after one of U+0000 alone', { pushToken: 't', email: '\0' }, 'pushToken:t'],
    ['nobody in particular, of such locators only', { externalCustomerId: 'null', email: '\0' }, 'nobody'],
    [
      'no more than 300 characters of a locator',
      { pushToken: 'x'.repeat(9_000) },
      `pushToken:${'x'.repeat(290)}`,
    ],
  ])('is %s', (_, params, expected) => {
    expect(visitorOf(named(params), 'nobody')).toBe(expected);
  });

  it('is another one by a locator of another kind with the same text', () => {
    const [contact, customer] = [named({ contactId: '5' }), named({ externalCustomerId: '5' })];
    expect(visitorOf(contact, 'nobody')).not.toBe(visitorOf(customer, 'nobody'));
  });

  it('is the key when there are locators too', () => {
    expect(visitorOf(named({ email: 'ann@shop.test' }, 'order-7'), 'nobody')).toBe('order-7');
  });

  it('is soon found in a locator that is made to take long', () => {
    const begun = performance.now();
    for (let times = 0; times < 20; times++)
      visitorOf(named({ email: `a@${'.'.repeat(19_000)}@` }), 'nobody');
    expect(performance.now() - begun).toBeLessThan(1_000);
  });
});
