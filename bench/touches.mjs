/**
 * `node bench/touches.mjs`: what the first touch of each interface of the browser that the tag uses costs a page that
 * loads: CPU of the main thread in Chromium, beside a script that does nothing. See README.md beside this file.
 */
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { findChromium } from '../scripts/browser.mjs';
import { median } from './table.mjs';

const usage = 'node bench/touches.mjs [--loads N]   first loads of each; default 20';

const NOTHING = 'nothing';

/** What is touched, as the tag does it: the body of a function. */
const touches = {
  [NOTHING]: '',
  navigator: 'navigator.globalPrivacyControl',
  'document.cookie': 'document.cookie',
  'indexedDB.open()': `indexedDB.open('touched')`,
  'a regular expression': String.raw`/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test('none')`,
  performance: 'performance.now()',
  BroadcastChannel: `new BroadcastChannel('touched')`,
  MutationObserver: `new MutationObserver(() => {}).observe(document, { subtree: true, attributeFilter: ['data-a'] })`,
  location: 'location.href',
  'document.URL': 'document.URL',
  querySelectorAll: `document.querySelectorAll('[data-a],[data-b],[data-c]')`,
  'crypto.randomUUID()': 'crypto.randomUUID()',
  navigation: 'navigation',
  setInterval: 'setInterval(() => {}, 1000)',
};

const html = touch => `<!doctype html><title>A page</title><link rel="icon" href="data:,">
<script>setTimeout(function touch() { window.touched = ${touch ? `(${touch})` : '0'}; });</script>
<h1>A page</h1>`;

const startSite = async () => {
  const server = createServer((request, response) => {
    const name = new URL(request.url, 'http://site').searchParams.get('touch');
    response.setHeader('content-type', 'text/html').end(html(touches[name]));
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return server;
};

/** Loads a page in a profile of its own, until its script has run. */
const visit = async (browser, url) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForFunction(() => 'touched' in window);
  await context.close();
};

/** Every event of Chromium's trace while the work is done. */
const trace = async (browser, work) => {
  const session = await browser.newBrowserCDPSession();
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  const traceConfig = { recordMode: 'recordAsMuchAsPossible', includedCategories: ['devtools.timeline'] };
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig });
  await work();
  const complete = new Promise(resolve => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await complete;
  return events;
};

const main = async () => {
  const { values } = parseArgs({ options: { loads: { type: 'string' }, help: { type: 'boolean' } } });
  if (values.help) return console.log(usage);
  const loads = Number(values.loads ?? 20);
  if (!(loads > 0)) throw Error(`--loads: expected a number above 0.\n${usage}`);
  const server = await startSite();
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  const site = `http://127.0.0.1:${server.address().port}/?touch=`;
  const events = await trace(browser, async () => {
    for (let load = 0; load < loads; load++) {
      for (const name of Object.keys(touches)) await visit(browser, site + encodeURIComponent(name));
    }
  });
  await browser.close();
  server.close();
  const measured = Object.fromEntries(Object.keys(touches).map(name => [name, []]));
  for (const { name, args, tdur } of events) {
    if (name !== 'FunctionCall' || args.data?.functionName !== 'touch') continue;
    measured[new URL(args.data.url).searchParams.get('touch')].push(tdur);
  }
  const nothing = median(measured[NOTHING]);
  const rows = Object.entries(measured).map(([name, took]) => [name, median(took) - nothing]);
  for (const [name, took] of rows.sort(([, one], [, other]) => other - one)) {
    if (name !== NOTHING) console.log(`${name.padEnd(24)} ${took.toFixed(0).padStart(4)} µs`);
  }
};

main().catch(error => {
  console.error(error.message);
  process.exitCode = 1;
});
