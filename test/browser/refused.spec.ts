import { page as html, pastedLine } from '../support/site';
import { expect, tagOn, test } from '../support/test';

/** Calls that must be refused, as source text, with a word that the reason must have. */
const refused: [title: string, call: string, word: string][] = [
  [
    'a currency of two letters',
    `'productViewed', {product: {productId: 'A', price: 1}, currencyCode: 'US'}`,
    'currencyCode',
  ],
  [
    'a currency in words',
    `'productViewed', {product: {productId: 'A', price: 1}, currencyCode: 'dollars'}`,
    'currencyCode',
  ],
  ['a product without productId', `'productViewed', {product: {price: 1}}`, 'productId'],
  ['a negative price', `'productViewed', {product: {productId: 'A', price: -1}}`, 'price'],
  ['a price that is not a number', `'productViewed', {product: {productId: 'A', price: NaN}}`, 'price'],
  ['an eventTypeKey with a forbidden character', `'a/b', {}`, 'eventTypeKey'],
  ['an eventTypeKey of 101 characters', `'k'.repeat(101), {}`, 'eventTypeKey'],
  ['a param named like one of ours', `'custom', {shoptrailEventId: 'mine'}`, 'shoptrailEventId'],
  ['an event over 20,000 bytes with its stamp', `'custom', {text: 'я'.repeat(9_400)}`, 'bytes'],
];

/** Payloads that cannot be sent, and must not throw into the page. */
const exotic: [title: string, payload: string][] = [
  ['a circular object', `(() => { const a = {}; a.a = a; return a })()`],
  ['a graph that unfolds without end', `Array(40).fill(0).reduce(a => ({a, b: a}), {})`],
  ['a BigInt', `{n: 1n}`],
  ['a function', `{f() {}}`],
  ['a symbol', `{s: Symbol('s')}`],
  ['a DOM node', `{node: document.body}`],
  ['the window', `{window}`],
  ['a getter that throws', `{get a() { throw Error('secret@example.com') }}`],
  ['a proxy that throws', `new Proxy({}, {ownKeys() { throw 1 }, get() { throw 1 }})`],
  ['a toJSON that throws', `{a: {toJSON() { throw 1 }}}`],
  ['a text instead of an object', `'text'`],
  ['a list instead of an object', `[1]`],
  ['a map', `new Map([[1, 2]])`],
];

test('what cannot be sent is refused with a reason, nothing of it leaves, and nothing is thrown', async ({
  site,
  page,
}) => {
  const shop = await site({ '/': html('') });
  const errors: string[] = [];
  page.on('pageerror', error => errors.push(error.message));
  page.on('console', message => errors.push(message.text()));
  await page.goto(shop.url);
  await tagOn(page);
  const calls = [...refused.map(([, call]) => call), ...exotic.map(([, payload]) => `'custom', ${payload}`)];

  for (const [at, call] of calls.entries()) {
    const title = [...refused, ...exotic][at]![0];
    const notices = await page.evaluate<{ event: string; reason: string }[]>(`new Promise(async resolve => {
      const notices = [];
      const off = shoptrail.on('invalid', notice => notices.push(notice));
      shoptrail.track(${call});
      await shoptrail.flush();
      off();
      resolve(notices);
    })`);
    expect(notices, title).toHaveLength(1);
    expect(notices[0]!.reason, title).toContain(refused[at]?.[2] ?? '');
    expect(notices[0]!.reason, title).not.toContain('secret@example.com');
  }

  await page.evaluate(`shoptrail.track('last', {}), shoptrail.flush()`);
  await expect.poll(() => shop.events('last').length).toBe(1);
  expect(shop.events().map(event => event.eventTypeKey)).toEqual(['pageViewed', 'last']);
  expect(errors).toEqual([]);
});

test('the largest event that is taken still fits with the longest stamp and identity', async ({
  site,
  page,
}) => {
  const shop = await site({ '/': html('') });
  await page.goto(shop.url);
  await tagOn(page);
  await page.evaluate(`
    shoptrail.identify({
      email: 'a'.repeat(200) + '@example.com', externalCustomerId: 'x'.repeat(300), phone: '380501234567',
    });
    // The longest text that is taken, found by halving.
    let least = 0, most = 20000;
    const takes = async size => {
      let taken = true;
      const off = shoptrail.on('invalid', () => { taken = false });
      shoptrail.track('largest', {text: 'a'.repeat(size)});
      // A call is taken by the end of its task.
      await new Promise(resolve => setTimeout(resolve));
      off();
      return taken;
    };
    (async () => {
      while (most - least > 1) { const size = (least + most) >> 1; if (await takes(size)) least = size; else most = size }
      shoptrail.flush();
    })();
  `);
  await expect.poll(() => shop.events('largest').length).toBeGreaterThan(3);
  const sizes = shop.events('largest').map(event => Buffer.byteLength(JSON.stringify(event)));
  expect(Math.max(...sizes)).toBeLessThanOrEqual(20_000);
  expect(Math.max(...sizes)).toBeGreaterThan(19_500);
});

test('what a shop’s own proxy refuses is told once, and keeps nothing behind it', async ({ site, page }) => {
  const line = pastedLine('data-endpoint="/x" data-wire="v2" data-page-views="false"');
  const shop = await site({ '/': html('', line) });
  shop.answer(({ body }, response) => {
    response.writeHead(body.eventTypeKey === 'bad' ? 400 : 200).end('not this one');
  });
  await page.goto(shop.url);
  await tagOn(page);
  const rejected = await page.evaluate<{ reason: string }[]>(`new Promise(async resolve => {
    const rejected = [];
    shoptrail.on('rejected', notice => rejected.push(notice));
    for (const event of ['first', 'bad', 'last']) shoptrail.track(event);
    await shoptrail.flush();
    resolve(rejected);
  })`);
  expect(rejected).toEqual([{ id: expect.any(String), reason: 'not this one' }]);
  expect(shop.events().map(event => event.eventTypeKey)).toEqual(['first', 'bad', 'last']);
});
