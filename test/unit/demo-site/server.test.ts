import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Storefront, startStorefront } from '../../../demo-site/server';
import { readSettings } from '../../../demo-site/settings';

interface Seen {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

let relay: Server;
let relayUrl: string;
let seen: Seen[];
let shop: Storefront;

beforeEach(async () => {
  seen = [];
  relay = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { method = '', url = '', headers } = request;
    seen.push({ method, url, headers, body: Buffer.concat(parts).toString() });
    response.writeHead(
      429,
      [
        ['content-type', 'application/json'],
        ['retry-after', '7'],
        ['set-cookie', 'a=1; Path=/'],
        ['set-cookie', 'b=2; Path=/'],
      ].flat(),
    );
    response.end('{"accepted":[]}');
  });
  await new Promise<void>(done => relay.listen(0, '127.0.0.1', done));
  relayUrl = `http://127.0.0.1:${(relay.address() as AddressInfo).port}`;
  shop = await startStorefront({ host: '127.0.0.1', port: 0, relayUrl, consent: 'off' });
});

afterEach(async () => {
  await shop.close();
  relay.closeAllConnections();
  relay.close();
});

describe('the way to the relay', () => {
  it('passes method, path, query, body and headers on, and adds the address of the visitor', async () => {
    const body = JSON.stringify({ events: [], note: 'naïve café' });
    const answer = await fetch(`${shop.url}/x/v2/event?probe=1`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'text/plain;charset=UTF-8',
        cookie: 'shoptrail=abc; other=1',
        'user-agent': 'a browser',
        'x-forwarded-for': '203.0.113.9',
      },
    });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/x/v2/event?probe=1', body });
    expect(seen[0]!.headers).toMatchObject({
      'content-type': 'text/plain;charset=UTF-8',
      cookie: 'shoptrail=abc; other=1',
      'user-agent': 'a browser',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': new URL(shop.url).host,
      'x-forwarded-proto': 'http',
      host: new URL(relayUrl).host,
      'content-length': String(Buffer.byteLength(body)),
    });
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('7');
    expect(answer.headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2; Path=/']);
    expect(await answer.json()).toEqual({ accepted: [] });
  });

  it('passes GET on, with the headers of the relay and not those of the pages', async () => {
    const answer = await fetch(`${shop.url}/x/shoptrail.js`);
    expect(seen[0]).toMatchObject({ method: 'GET', url: '/x/shoptrail.js', body: '' });
    expect(answer.headers.get('content-security-policy')).toBeNull();
    expect(answer.headers.get('cache-control')).toBeNull();
  });

  it('answers 502 at once when the relay is down, and the pages go on', async () => {
    relay.closeAllConnections();
    await new Promise(done => relay.close(done));
    const begun = performance.now();
    const answer = await fetch(`${shop.url}/x/v2/event`, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(502);
    expect(await answer.json()).toEqual({ error: expect.stringContaining('is it running?') });
    expect(performance.now() - begun).toBeLessThan(1000);
    expect((await fetch(shop.url)).status).toBe(200);
  });

  it('refuses a body above 1 MB without troubling the relay', async () => {
    const answer = await fetch(`${shop.url}/x/v2/event`, { method: 'POST', body: 'x'.repeat(1_000_001) });
    expect(answer.status).toBe(413);
    expect(seen).toEqual([]);
  });
});

describe('starting', () => {
  it('takes a free port when the wished one is taken', async () => {
    const port = Number(new URL(shop.url).port);
    const second = await startStorefront({ host: '127.0.0.1', port, relayUrl, consent: 'off' });
    expect(shop.portWasTaken).toBe(false);
    expect(second.portWasTaken).toBe(true);
    expect(second.url).not.toBe(shop.url);
    expect((await fetch(second.url)).status).toBe(200);
    await second.close();
  });

  it('reads its settings with defaults', () => {
    expect(readSettings({})).toEqual({
      host: '127.0.0.1',
      port: 8080,
      relayUrl: 'http://127.0.0.1:8081',
      consent: 'banner',
    });
    expect(readSettings({ CONSENT: 'off' }).consent).toBe('off');
    expect(
      readSettings({ PORT: '0', RELAY_URL: 'http://relay.test/', SANDBOX_URL: 'http://sandbox.test/' }),
    ).toMatchObject({ port: 0, relayUrl: 'http://relay.test', sandboxUrl: 'http://sandbox.test' });
  });

  it.each([
    [{ PORT: 'eighty' }, /PORT must be a number/],
    [{ PORT: '70000' }, /PORT must be a number/],
    [{ RELAY_URL: '127.0.0.1:8081' }, /RELAY_URL must be an address/],
    [{ SANDBOX_URL: 'file:///etc' }, /SANDBOX_URL must be an address/],
    [{ CONSENT: 'maybe' }, /CONSENT must be banner or off/],
  ])('says what is wrong with %o', (env, sentence) => {
    expect(() => readSettings(env)).toThrow(sentence);
  });
});
