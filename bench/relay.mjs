/**
 * `node bench/relay.mjs`: how many events a second one relay takes on this machine. A real relay process with its outbox
 * on disk, over loopback; it answers only once the events are committed. See README.md beside this file.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from '../scripts/install.mjs';
import { startService } from '../scripts/services.mjs';
import { median } from './table.mjs';

/** Requests that are under way at any time. */
const CONCURRENCY = 64;

const RUNS = 5;

/** Requests of one run, by events a request: about a second's work each. */
const REQUESTS = { 1: 4000, 20: 1000 };

const usage = 'node bench/relay.mjs [--scale N]   multiplies the requests of a run; default 1';

const eventOf = visitor => {
  const id = randomUUID();
  const product = { productId: 'WS01-L-Green', price: 45.5, isInStock: 1, color: ['green'] };
  return {
    id,
    at: Date.now(),
    event: {
      eventTypeKey: 'productViewed',
      keyValue: visitor,
      params: [
        { name: 'product', value: JSON.stringify(product) },
        { name: 'currencyCode', value: 'USD' },
        { name: 'shoptrailEventId', value: id },
        { name: 'shoptrailAnonymousId', value: visitor },
      ],
    },
  };
};

/** What one page of one visitor sends. */
const bodyOf = size => {
  const visitor = randomUUID();
  return JSON.stringify({ events: Array.from({ length: size }, () => eventOf(visitor)), sentAt: Date.now() });
};

const post = (url, agent, body) =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request(url, { method: 'POST', agent, headers }, response => {
      let text = '';
      response.setEncoding('utf8').on('data', part => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode, text }));
    });
    sent.on('error', reject).end(body);
  });

/** One run: every request answered with all its events accepted, or it throws. */
const measure = async (url, size, requests) => {
  const bodies = Array.from({ length: requests }, () => bodyOf(size));
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });
  const took = [];
  const client = async () => {
    for (let body = bodies.pop(); body; body = bodies.pop()) {
      const started = performance.now();
      const { status, text } = await post(url, agent, body);
      took.push(performance.now() - started);
      if (status !== 200 || JSON.parse(text).accepted.length !== size) {
        throw Error(`The relay answered ${status}: ${text.slice(0, 200)}`);
      }
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: CONCURRENCY }, client));
  const seconds = (performance.now() - started) / 1000;
  agent.destroy();
  took.sort((a, b) => a - b);
  return {
    perSecond: requests / seconds,
    p50: took[Math.floor(took.length * 0.5)],
    p99: took[Math.floor(took.length * 0.99)],
  };
};

const main = async () => {
  const { values } = parseArgs({ options: { scale: { type: 'string' }, help: { type: 'boolean' } } });
  if (values.help) return console.log(usage);
  const scale = Number(values.scale ?? 1);
  if (!(scale > 0)) throw Error('--scale: expected a number above 0.');
  if (!run(process.execPath, ['esbuild.config.mjs'])) throw Error('The build failed.');

  const folder = mkdtempSync(join(tmpdir(), 'shoptrail-relay-bench-'));
  // A platform that takes everything at once, so that forwarding goes on beside ingest as it would.
  const platform = createServer((incoming, outgoing) => incoming.resume().on('end', () => outgoing.end()));
  await new Promise(resolve => platform.listen(0, '127.0.0.1', resolve));
  let relay;
  try {
    relay = await startService('relay', {
      PORT: '0',
      OUTBOX: join(folder, 'outbox.db'),
      PLATFORM_URL: `http://127.0.0.1:${platform.address().port}/api`,
      PLATFORM_API_KEY: 'key',
      RATE_VISITOR: '0',
      RATE_ADDRESS: '0',
      LOG_LEVEL: 'warn',
    });
    const url = `${relay.url}/v2/event`;
    console.log(`Relay ingest over loopback, ${CONCURRENCY} requests at a time, median of ${RUNS} runs`);
    for (const [text, count] of Object.entries(REQUESTS)) {
      const size = Number(text);
      const requests = Math.ceil(count * scale);
      await measure(url, size, Math.ceil(requests / 10));
      const runs = [];
      for (let n = 0; n < RUNS; n++) runs.push(await measure(url, size, requests));
      const of = name => median(runs.map(each => each[name]));
      const rates = runs.map(each => each.perSecond * size);
      console.log(
        `  ${size} to a request: ${of('perSecond').toFixed(0)} requests/s, ${median(rates).toFixed(0)} events/s` +
          ` (${Math.min(...rates).toFixed(0)} – ${Math.max(...rates).toFixed(0)}),` +
          ` answered in ${of('p50').toFixed(1)} ms, p99 ${of('p99').toFixed(1)} ms`,
      );
    }
  } finally {
    // What is left in the outbox is of no use: a graceful stop would forward it.
    await relay?.stop('SIGKILL');
    platform.close();
    platform.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  }
};

main().catch(error => {
  console.error(error.message);
  process.exitCode = 1;
});
