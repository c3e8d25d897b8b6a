import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { occurredIn } from '../../../src/relay/core/occurred';
import { envelopeOf, knownEventOf, visitorA } from './support/events';
import { startPlatformServer } from './support/platform-server';
import {
  buildRelay,
  environment,
  operatorToken,
  type RelayProcess,
  runToEnd,
  startRelayProcess,
  temporaryFolder,
} from './support/relay-process';

const generous = { timeout: 20_000, interval: 10 };

let bundle: string;
let platform: Awaited<ReturnType<typeof startPlatformServer>>;
let folder: ReturnType<typeof temporaryFolder>;
let running: RelayProcess[];

beforeAll(async () => {
  bundle = await buildRelay('process');
});
beforeEach(async () => {
  platform = await startPlatformServer();
  folder = temporaryFolder();
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map(relay => relay.kill()));
  await platform.close();
  folder.remove();
});

const start = async (more: Record<string, string> = {}) => {
  const relay = await startRelayProcess(bundle, {
    PLATFORM_URL: platform.url,
    OUTBOX: folder.outbox,
    ...more,
  });
  running.push(relay);
  return relay;
};

/** The promise itself: nothing lost, and a repeat only of what the relay lists as in doubt. */
const expectDelivered = async (relay: RelayProcess, ids: string[]) => {
  await vi.waitFor(async () => {
    const { forwarded } = await relay.ledger();
    expect(ids.filter(id => !forwarded.includes(id))).toEqual([]);
  }, generous);
  const { inDoubt, dead, waiting } = await relay.ledger();
  expect(ids.filter(id => platform.times(id) === 0)).toEqual([]);
  expect(ids.filter(id => platform.times(id) > 1 && !inDoubt.includes(id))).toEqual([]);
  expect([dead, waiting]).toEqual([[], []]);
  return inDoubt;
};

describe('a relay that is killed', { timeout: 40_000 }, () => {
  it('between receipt and forwarding loses nothing and repeats nothing', async () => {
    const { port } = platform;
    await platform.close();
    const events = Array.from({ length: 50 }, (_, at) => envelopeOf(at % 2 ? visitorA : undefined));
    const first = await start();
    expect(await first.send(...events)).toBe(true);
    await first.kill();

    platform = await startPlatformServer(port);
    const second = await start();
    await expectDelivered(
      second,
      events.map(one => one.id),
    );
    expect(platform.received).toHaveLength(50);
  });

  it('between the platform’s answer and its own mark repeats that one event and lists it as in doubt', async () => {
    const first = await start();
    const events = Array.from({ length: 5 }, () => envelopeOf(visitorA));
    platform.answer = async (_, at) => {
      // The platform has taken the third event; nobody will hear it say so.
      if (at === 2) await first.kill();
      return { status: 200 };
    };
    expect(await first.send(...events)).toBe(true);
    await vi.waitFor(() => expect(first.child.signalCode).toBe('SIGKILL'), generous);

    const second = await start();
    const inDoubt = await expectDelivered(
      second,
      events.map(one => one.id),
    );
    expect(inDoubt).toEqual([events[2]!.id]);
    expect(events.map(one => platform.times(one.id))).toEqual([1, 1, 2, 1, 1]);
    const metrics = await (await fetch(new URL('/metrics', second.url))).text();
    expect(metrics).toContain('\nshoptrail_in_doubt_total 1\n');
  });

  it('again and again while visitors send, delivers what it had accepted, in order', async () => {
    const visitors = Array.from({ length: 6 }, () => randomUUID());
    const accepted = new Map<string, string[]>(visitors.map(visitor => [visitor, []]));
    let relay = await start({ PLATFORM_RATE_MAX: '1000' });
    let stopped = false;
    const arrivedOf = (visitor: string) =>
      platform.received.filter(one => one.event.keyValue === visitor).length;
    // Each visitor offers an event until some relay has it, as the tag does, then the next one; a few may wait there.
    const visits = visitors.map(async visitor => {
      while (!stopped) {
        const one = envelopeOf(visitor);
        await vi.waitFor(
          () => expect(accepted.get(visitor)!.length - arrivedOf(visitor)).toBeLessThan(4),
          generous,
        );
        while (!(await relay.send(one))) await new Promise(resolve => setTimeout(resolve, 5));
        accepted.get(visitor)!.push(one.id);
      }
    });
    for (let round = 1; round <= 4; round++) {
      const wanted = platform.received.length + 10 + round * 3;
      await vi.waitFor(() => expect(platform.received.length).toBeGreaterThan(wanted), generous);
      await relay.kill();
      relay = await start({ PLATFORM_RATE_MAX: '1000' });
    }
    stopped = true;
    await Promise.all(visits);
    const ids = [...accepted.values()].flat();
    const inDoubt = await expectDelivered(relay, ids);
    // At most one event of each visitor is on its way when the relay is killed.
    expect(inDoubt.length).toBeLessThanOrEqual(4 * visitors.length);
    for (const [visitor, sent] of accepted) {
      const arrived = platform.received.filter(one => one.event.keyValue === visitor).map(one => one.id);
      expect([...new Set(arrived)]).toEqual(sent);
    }
  });
});

describe('a relay that is killed over history', { timeout: 40_000 }, () => {
  const history = { PLATFORM_TIMEZONE: 'Europe/Kyiv', HISTORY_DELAY_MINUTES: '0' };
  const trailOf = (count: number) =>
    Array.from({ length: count }, () => {
      const one = envelopeOf(visitorA);
      const event = knownEventOf(one.id, visitorA);
      return { ...one, event, at: Date.now() - 3 * 24 * 60 * 60_000, held: true as const };
    });

  it('repeats the batch that was on its way, lists it as in doubt, and loses nothing', async () => {
    const first = await start(history);
    const trail = trailOf(40);
    platform.answer = async () => {
      // The platform has taken them; nobody will hear it say so.
      await first.kill();
      return { status: 200 };
    };
    expect(await first.send(...trail)).toBe(true);
    await vi.waitFor(() => expect(first.child.signalCode).toBe('SIGKILL'), generous);
    platform.answer = () => ({ status: 200 });
    const second = await start(history);
    const ids = trail.map(one => one.id);
    const inDoubt = await expectDelivered(second, ids);
    expect(inDoubt).toEqual(ids);
    expect(platform.received.map(one => one.path)).toEqual(['/api/v1/past_events', '/api/v1/past_events']);
    const { past } = platform.received[1]!;
    expect(past[0]!.occurred).toBe(occurredIn('Europe/Kyiv')(trail[0]!.at));
  });

  it('in the middle of halving, has in doubt only what was on its way', async () => {
    let relay = await start(history);
    const trail = trailOf(64);
    const bad = trail[20]!.id;
    const refused = (ids: string[]) => ({ status: ids.includes(bad) ? 400 : 200, text: 'bad' });
    let doubtful: string[] = [];
    platform.answer = async ({ ids }, at) => {
      if (at === 3) {
        doubtful = ids;
        await relay.kill();
      }
      return refused(ids);
    };
    expect(await relay.send(...trail)).toBe(true);
    await vi.waitFor(() => expect(relay.child.signalCode).toBe('SIGKILL'), generous);
    relay = await start(history);
    const { inDoubt, dead } = await relay.ledger();
    expect(doubtful.length).toBeGreaterThan(0);
    expect(doubtful.length).toBeLessThan(64);
    expect([inDoubt, dead]).toEqual([doubtful, []]);
    const { forwarded, waiting } = await relay.ledger();
    expect([...forwarded, ...waiting].sort()).toEqual(trail.map(one => one.id).sort());
    expect(trail.filter(one => platform.times(one.id) === 0)).toEqual([]);
  });
});

describe('a relay that is told to stop', { timeout: 20_000 }, () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'by %s waits for the platform, keeps the rest, ends with 0',
    async signal => {
      let release = () => {};
      platform.answer = () => new Promise(resolve => (release = () => resolve({ status: 200 })));
      const first = await start();
      const events = [envelopeOf(visitorA), envelopeOf(visitorA)];
      await first.send(...events);
      await vi.waitFor(() => expect(platform.received).toHaveLength(1));
      const ended = first.kill(signal);
      await vi.waitFor(() => expect(first.output()).toContain('Stopping'));
      release();
      expect(await ended).toBe(0);

      platform.answer = () => ({ status: 200 });
      const second = await start();
      const inDoubt = await expectDelivered(
        second,
        events.map(one => one.id),
      );
      expect(inDoubt).toEqual([]);
      expect(platform.received).toHaveLength(2);
    },
  );

  it('hands the outbox to the one that is started meanwhile', async () => {
    const first = await start();
    const one = envelopeOf();
    await first.send(one);
    const second = start({ LOG_LEVEL: 'debug' });
    await first.kill('SIGTERM');
    await expectDelivered(await second, [one.id]);
  });
});

describe('a relay whose log cannot be written', { timeout: 20_000 }, () => {
  it.runIf(existsSync('/dev/full'))('goes on, and stops when it is told to', async () => {
    const unused = await startPlatformServer();
    await unused.close();
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [bundle], {
      env: environment({
        PLATFORM_URL: platform.url,
        OUTBOX: folder.outbox,
        PORT: `${unused.port}`,
        LOG_LEVEL: 'debug',
      }),
      stdio: ['ignore', full, 'inherit'],
    });
    closeSync(full);
    const ended = once(child, 'exit');
    try {
      const event = envelopeOf();
      const post = () =>
        fetch(`http://127.0.0.1:${unused.port}/x/v2/event`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ events: [event] }),
        });
      await vi.waitFor(async () => expect((await post()).status).toBe(200), generous);
      await vi.waitFor(() => expect(platform.times(event.id)).toBe(1), generous);
      child.kill('SIGTERM');
      expect((await ended)[0]).toBe(0);
    } finally {
      child.kill('SIGKILL');
    }
  });
});

describe('a relay that cannot start', { timeout: 30_000 }, () => {
  it('says everything that is wrong with its settings and ends with 1', async () => {
    const { code, errors } = await runToEnd(bundle, { PATH: process.env.PATH!, PORT: 'x', BOTS: 'x' });
    expect(code).toBe(1);
    expect(errors).toMatch(/^The relay did not start\.\n( {2}[A-Z_]+: .+\n){3}$/);
  });

  it('says so when the outbox is some other file', async () => {
    writeFileSync(folder.outbox, 'a letter to a friend, long enough to be looked at '.repeat(50));
    const { code, errors } = await runToEnd(bundle, environment({ OUTBOX: folder.outbox }));
    expect([code, errors]).toEqual([1, expect.stringMatching(/OUTBOX: .+ it is no outbox/)]);
  });

  describe('because its port is taken', () => {
    let other: Server;
    let port: string;
    beforeEach(async () => {
      other = createServer().listen(0, '127.0.0.1');
      await vi.waitFor(() => expect(other.listening).toBe(true));
      port = `${(other.address() as AddressInfo).port}`;
    });
    afterEach(() => new Promise(resolve => other.close(resolve)));

    it('says so', async () => {
      const { code, errors } = await runToEnd(bundle, environment({ OUTBOX: folder.outbox, PORT: port }));
      expect([code, errors]).toEqual([1, expect.stringMatching(/PORT: \d+ on 127\.0\.0\.1 is taken/)]);
    });

    it('takes a free one when it may', async () => {
      const relay = await start({ PORT: port, PORT_FALLBACK: 'on' });
      expect(new URL(relay.url).port).not.toBe(port);
      expect((await fetch(`${relay.url}/healthz`)).status).toBe(200);
    });
  });
});

describe('a relay that runs', { timeout: 20_000 }, () => {
  it('serves the tag compressed, and counts for Prometheus', async () => {
    const tags = join(folder.path, 'tag');
    mkdirSync(tags);
    writeFileSync(join(tags, 'shoptrail.js'), 'console.log("tag");'.repeat(50));
    writeFileSync(join(tags, 'shoptrail-1.2.3.js'), 'x');
    writeFileSync(join(tags, 'relay-node.mjs'), 'secret');
    const relay = await start({ TAG_DIR: tags, BASE_PATH: '/metrics-of-mine/' });
    expect(new URL(relay.url).pathname).toBe('/metrics-of-mine');
    const plain = await fetch(`${relay.url}/shoptrail.js`, { headers: { 'accept-encoding': 'identity' } });
    const brotli = await fetch(`${relay.url}/shoptrail.js`, { headers: { 'accept-encoding': 'br' } });
    expect(brotli.headers.get('content-encoding')).toBe('br');
    expect(Number(brotli.headers.get('content-length'))).toBeLessThan(100);
    expect(await brotli.text()).toBe(await plain.text());
    expect((await fetch(`${relay.url}/shoptrail-1.2.3.js`)).headers.get('cache-control')).toContain(
      'immutable',
    );
    expect((await fetch(`${relay.url}/relay-node.mjs`)).status).toBe(404);

    await relay.send(envelopeOf());
    const metrics = await (await fetch(new URL('/metrics', relay.url))).text();
    expect(metrics).toContain('shoptrail_events_received_total{outcome="stored"} 1\n');
    expect(metrics).toMatch(/^process_cpu_seconds_total /m);
  });

  it('writes no personal data and no secrets to its log', async () => {
    const relay = await start({ LOG_LEVEL: 'debug' });
    platform.answer = (_, at) =>
      at === 0
        ? { status: 400, text: 'Wrong: ann@example.com' }
        : at === 1
          ? { status: 500 }
          : { status: 200 };
    const events = [envelopeOf(visitorA), envelopeOf(visitorA)];
    for (const one of events) one.event.params.push({ name: 'email', value: 'ann@example.com' });
    const bad = { ...envelopeOf(), event: { eventTypeKey: '<ann@example.com>', params: [] } };
    await fetch(`${relay.url}/v2/event`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.7' },
      body: JSON.stringify({ events: [...events, bad] }),
    });
    await vi.waitFor(async () => expect((await relay.ledger()).forwarded).toEqual([events[1]!.id]), generous);
    const forget = await fetch(new URL('/operator/forget', relay.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${operatorToken}`, 'content-type': 'application/json' },
      body: '{"email":"ann@example.com"}',
    });
    expect(await forget.json()).toEqual({ erased: 1 });
    expect(relay.output()).toContain(events[0]!.id);
    for (const secret of ['ann@', visitorA, '203.0.113.7', '127.0.0.1"', 'key-of-tests', operatorToken]) {
      expect(relay.output()).not.toContain(secret);
    }
  });

  it('writes nothing of a subscription, a held trail or a visitor to its log', async () => {
    platform.answer = one => ({ status: 400, text: `Wrong: ${one.text}` });
    const relay = await start({
      LOG_LEVEL: 'debug',
      SUBSCRIBE: 'on',
      PLATFORM_TIMEZONE: 'UTC',
      HISTORY_DELAY_MINUTES: '0',
    });
    const post = async (path: string, body: unknown) =>
      (
        await fetch(`${relay.url}${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', cookie: `shoptrail_id=${visitorA}.1` },
          body: JSON.stringify(body),
        })
      ).status;
    const contact = {
      firstName: 'Annabel',
      channels: [
        { type: 'email', value: 'ann@example.com' },
        { type: 'sms', value: '380942583691' },
      ],
    };
    expect(await post('/v1/contact/subscribe', { contact })).toBe(202);
    expect(await post('/v1/contact/subscribe', { contact: { ...contact, channels: ['ann@'] } })).toBe(400);
    expect(await post('/visitor', { id: `${visitorA}.1` })).toBe(204);
    const one = { ...envelopeOf(visitorA), at: 1_000, held: true as const };
    await relay.send({ ...one, event: knownEventOf(one.id, visitorA) });
    await vi.waitFor(() => {
      expect(relay.output()).toContain('refused for now');
      expect(relay.output()).toContain('refused a subscription');
    }, generous);
    expect(await post('/forget', { anonymousId: visitorA })).toBe(204);
    for (const secret of ['ann@', 'Annabel', '380942583691', visitorA, 'Wrong', '127.0.0.1"']) {
      expect(relay.output()).not.toContain(secret);
    }
    const metrics = await (await fetch(new URL('/metrics', relay.url))).text();
    expect(metrics).toContain('shoptrail_forward_attempts_total{lane="history",verdict="never"} 1\n');
    expect(metrics).toContain('shoptrail_subscriptions_received_total{outcome="stored"} 1\n');
    expect(metrics).toContain('shoptrail_outbox_lane{lane="history"} 0\n');
  });

  it('refuses a large body without reading it to its end', async () => {
    const relay = await start();
    const response = await fetch(`${relay.url}/v2/event`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: 'x'.repeat(3_000_000),
    });
    expect(response.status).toBe(413);
    expect(await relay.send(envelopeOf())).toBe(true);
  });
});
