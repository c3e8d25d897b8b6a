import type { BrowserContext, Page } from '@playwright/test';
import { type Stored, stored } from '../../src/tag/storage/stored';
import { page as html, pastedLine, type Site } from '../support/site';
import { expect, tagOn, test } from '../support/test';

const REQUIRED = 'data-endpoint="/x" data-consent="required"';
const shopPages = (line = REQUIRED) =>
  Object.fromEntries(['/', '/a', '/b', '/c'].map(path => [path, html('', pastedLine(line))]));

const open = async (context: BrowserContext, shop: Site, path = '/') => {
  const page = await context.newPage();
  await page.goto(shop.url + path);
  await tagOn(page);
  return page;
};

/** Every byte that a page can find of itself in the browser, and every cookie, the server's too. */
const kept = async (page: Page) => ({
  cookies: (await page.context().cookies()).map(({ name }) => name),
  ...(await page.evaluate(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: (await indexedDB.databases()).map(({ name }) => name),
    caches: await caches.keys(),
  }))),
});

const nothing = { cookies: [], local: {}, session: {}, databases: [], caches: [] };

/** Waits until this browser has nothing, in this page's eyes. */
const expectNothing = (page: Page) => expect.poll(() => kept(page), { timeout: 10_000 }).toEqual(nothing);

const track = (page: Page, n: number) => page.evaluate(`shoptrail.track('step', {n: ${n}})`);
const steps = (shop: Site) =>
  shop.events('step').map(({ params }) => params.find(({ name }) => name === 'n')!.value);

test('while nobody has answered nothing is kept or sent, though the page is used and left', async ({
  site,
  context,
}) => {
  const shop = await site(shopPages());
  const page = await open(context, shop);
  await track(page, 1);
  await page.evaluate(`shoptrail.identify({email: 'ann@example.com'}), shoptrail.flush()`);
  await page.goto(`${shop.url}/a`);
  await tagOn(page);
  await track(page, 2);
  await page.evaluate('shoptrail.flush()');
  await expectNothing(page);
  expect(shop.seen).toEqual([]);
});

test('pending, then denied, over three pages and two tabs leaves what a page without the tag leaves', async ({
  site,
  context,
}) => {
  const shop = await site({ ...shopPages(), '/plain': '<title>Without</title>' });
  const plain = await context.newPage();
  const requests: string[] = [];
  context.on('request', request => requests.push(`${request.method()} ${new URL(request.url()).pathname}`));
  await plain.goto(`${shop.url}/plain`);
  const without = await kept(plain);
  requests.length = 0;

  const [one, two] = [await open(context, shop), await open(context, shop, '/b')];
  await track(one, 1);
  await track(two, 2);
  for (const path of ['/a', '/b']) {
    await one.goto(shop.url + path);
    await tagOn(one);
    await track(one, 3);
  }
  await one.evaluate('shoptrail.consent(false)');
  await track(one, 4);
  await two.evaluate('shoptrail.consent(false)');
  await two.goto(`${shop.url}/c`);
  expect(await kept(one)).toEqual(without);
  expect(await kept(two)).toEqual(without);
  expect(new Set(requests)).toEqual(new Set(['GET /', 'GET /a', 'GET /b', 'GET /c', 'GET /tag.js']));
  expect(shop.seen).toEqual([]);
});

test('granted delivers every event that waited, once, with its own time and page', async ({
  site,
  context,
}) => {
  const shop = await site(shopPages());
  const page = await open(context, shop);
  const before = Date.now();
  await track(page, 1);
  await page.evaluate(`history.pushState({}, '', '/next')`);
  await expect.poll(() => page.evaluate('location.pathname')).toBe('/next');
  await track(page, 2);
  const after = Date.now();
  // The answer comes later than the events, by more than any clock could blur.
  await page.waitForFunction(after => Date.now() > after + 1500, after);
  await page.evaluate('shoptrail.consent(true), shoptrail.track("step", {n: 3})');
  await expect.poll(() => shop.events().length).toBe(5);
  expect(steps(shop)).toEqual([1, 2, 3]);
  expect(
    shop.events('pageViewed').map(({ params }) => params.find(({ name }) => name === 'page')!.value),
  ).toEqual([`{"location":"${shop.url}/"}`, `{"location":"${shop.url}/next"}`]);
  const times = shop.seen.flatMap(({ body }) => body.events.map(({ at }) => at));
  for (const at of times.slice(0, 4)) {
    expect(at).toBeGreaterThan(before - 10_000);
    expect(at).toBeLessThanOrEqual(after);
  }
  await page.evaluate('shoptrail.flush()');
  expect(shop.events()).toHaveLength(5);
});

test('consentHold "session" keeps what waits over navigations, and a no takes it away', async ({
  site,
  context,
}) => {
  const shop = await site(shopPages(`${REQUIRED} data-consent-hold="session"`));
  const page = await open(context, shop);
  await track(page, 1);
  await page.evaluate(`shoptrail.identify({email: 'ann@example.com'})`);
  await page.goto(`${shop.url}/a`);
  await tagOn(page);
  await track(page, 2);
  const { cookies, local, databases, session } = await kept(page);
  expect({ cookies, local, databases }).toEqual({ cookies: [], local: {}, databases: [] });
  expect(JSON.stringify(session)).not.toContain('ann@example.com');
  await page.evaluate('shoptrail.consent(true)');
  await expect.poll(() => steps(shop)).toEqual([1, 2]);
  expect(shop.events('pageViewed')).toHaveLength(2);

  const other = await (await context.browser()!.newContext()).newPage();
  await other.goto(`${shop.url}/b`);
  await tagOn(other);
  await track(other, 3);
  await other.goto(`${shop.url}/c`);
  await tagOn(other);
  await other.evaluate('shoptrail.consent(false)');
  await expectNothing(other);
  await other.evaluate('shoptrail.consent(true), shoptrail.track("step", {n: 4})');
  await expect.poll(() => steps(shop)).toEqual([1, 2, 4]);
  await other.context().close();
});

test('withdrawn in one tab: both tabs and what earlier pages have left are empty, and stay so', async ({
  site,
  context,
}) => {
  const shop = await site(shopPages());
  // Nothing is delivered: queues and journals of several pages fill.
  shop.answer((_, response) => response.writeHead(503).end());
  const one = await open(context, shop);
  await one.evaluate('shoptrail.consent(true)');
  await track(one, 1);
  await one.evaluate(`shoptrail.identify({email: 'ann@example.com'})`);
  await one.goto(`${shop.url}/a`);
  await tagOn(one);
  await one.evaluate('shoptrail.consent(true), shoptrail.track("step", {n: 2})');
  const two = await open(context, shop, '/b');
  await two.evaluate(
    `shoptrail.consent(true), shoptrail.track('cartUpdated', {products: [{productId: '1', price: 1, quantity: 1}], currencyCode: 'EUR'})`,
  );
  await expect.poll(async () => (await kept(two)).cookies.sort()).toEqual(['shoptrail_cart', 'shoptrail_id']);
  await two.evaluate('shoptrail.flush()');

  await one.evaluate('shoptrail.consent(false)');
  await expectNothing(one);
  shop.answer();
  const seen = shop.seen.length;
  await track(two, 3);
  await two.evaluate('shoptrail.flush()');
  await two.evaluate(`dispatchEvent(new Event('online'))`);
  await expectNothing(two);
  const three = await open(context, shop, '/c');
  await three.evaluate('shoptrail.consent(false)');
  await expectNothing(three);
  expect(shop.seen).toHaveLength(seen);
});

test('withdrawn while another tab has sent nothing yet: it hears of it when it has lost the focus', async ({
  site,
  context,
}) => {
  const shop = await site(shopPages(`${REQUIRED} data-delay="600000"`));
  const one = await open(context, shop);
  const two = await open(context, shop, '/a');
  for (const page of [one, two]) await page.evaluate(`shoptrail.consent(true), shoptrail.track('step')`);
  // The browser of these tests lets every tab believe that it has the focus: the visitor goes to the other one.
  await two.evaluate(`window.told = [], shoptrail.on('dropped', ({ reason }) => told.push(reason));
    dispatchEvent(new Event('blur'))`);
  await one.evaluate('shoptrail.consent(false)');
  await expectNothing(two);
  await track(two, 1);
  await expect.poll(() => two.evaluate('told')).toEqual(['consent']);
  await expectNothing(two);
  expect(shop.seen).toEqual([]);
});

test('an answer that is delayed past the withdrawal changes nothing', async ({ site, context }) => {
  const shop = await site(shopPages());
  let release = () => {};
  const released = new Promise<void>(done => {
    release = done;
  });
  shop.answer(async ({ body }, response) => {
    await released;
    response
      .writeHead(200, {
        'content-type': 'application/json',
        'set-cookie': 'shoptrail_id=0b8f3c1e-6f5d-4c58-9a3e-0d6f0e2b7a11.abc; Path=/; Max-Age=1000',
      })
      .end(
        JSON.stringify({
          accepted: [],
          rejected: (body.events ?? []).map(({ id }) => ({ id, reason: 'no' })),
        }),
      );
  });
  const page = await open(context, shop);
  await page.evaluate(`window.told = [];
    for (const name of ['accepted', 'rejected', 'blocked', 'degraded']) shoptrail.on(name, notice => told.push([name, notice]));
    shoptrail.consent(true), shoptrail.track('step', {n: 1}), void shoptrail.flush()`);
  await expect.poll(() => shop.seen.length).toBe(1);
  const failed = page.waitForEvent('requestfailed');
  await page.evaluate('shoptrail.consent(false)');
  await failed;
  release();
  await expectNothing(page);
  // Whatever was still to come has come when another page of the shop has been there and gone.
  const other = await open(context, shop, '/a');
  await other.evaluate('shoptrail.consent(false)');
  await other.close({ runBeforeUnload: true });
  await expectNothing(page);
  expect(await page.evaluate('told')).toEqual([]);
  expect(shop.seen).toHaveLength(1);
});

test('withdrawn while the relay is down: nothing leaves when it is up again', async ({ site, context }) => {
  const shop = await site(shopPages());
  shop.answer((_, response) => response.destroy());
  const page = await open(context, shop);
  await page.evaluate('shoptrail.consent(true), shoptrail.track("step", {n: 1}), shoptrail.flush()');
  expect(shop.seen.length).toBeGreaterThan(0);
  await page.evaluate('shoptrail.consent(false)');
  shop.answer();
  const seen = shop.seen.length;
  await page.evaluate(`dispatchEvent(new Event('online'))`);
  await page.goto(`${shop.url}/a`);
  await tagOn(page);
  await page.evaluate('shoptrail.consent(false), shoptrail.flush()');
  await expectNothing(page);
  await page.goto(`${shop.url}/b`);
  await tagOn(page);
  await page.evaluate('shoptrail.consent(true), shoptrail.track("step", {n: 2})');
  await expect.poll(() => steps({ ...shop, events: type => shop.events(type) } as Site)).toContain(2);
  expect(
    shop.seen.slice(seen).flatMap(({ body }) => body.events.map(({ event }) => event.eventTypeKey)),
  ).toEqual(['pageViewed', 'step']);
});

test('what a page of before has left is swept at a load that finds consent denied', async ({
  site,
  context,
}) => {
  const shop = await site({
    ...shopPages(),
    '/gpc': html(
      '',
      `<script>Object.defineProperty(navigator, 'globalPrivacyControl', {value: true})</script>${pastedLine('data-endpoint="/x"')}`,
    ),
  });
  shop.answer((_, response) => response.writeHead(503).end());
  const page = await open(context, shop);
  await page.evaluate('shoptrail.consent(true), shoptrail.track("step", {n: 1}), shoptrail.flush()');
  await page.goto(`${shop.url}/gpc`);
  await tagOn(page);
  await expectNothing(page);
});

test('a no to identity alone: nothing carries a name, and the trail goes on under another id', async ({
  site,
  context,
}) => {
  const shop = await site(shopPages());
  shop.answer((_, response) => response.writeHead(503).end());
  const page = await open(context, shop);
  await page.evaluate(
    `shoptrail.consent(true), shoptrail.identify({email: 'ann@example.com'}), shoptrail.track('step', {n: 1}), shoptrail.flush()`,
  );
  const before = (await context.cookies())[0]!.value;
  const seen = shop.seen.length;
  shop.answer();
  await page.evaluate(
    `shoptrail.consent({identity: false}), shoptrail.identify({email: 'ann@example.com'}), shoptrail.track('step', {n: 2}), dispatchEvent(new Event('online'))`,
  );
  await expect.poll(() => shop.seen.slice(seen).flatMap(({ body }) => body.events).length).toBe(4);
  expect(JSON.stringify(shop.seen.slice(seen))).not.toContain('ann');
  const after = (await context.cookies())[0]!.value;
  expect(after.split('.')[0]).not.toBe(before.split('.')[0]);
  expect(JSON.stringify(shop.seen.slice(seen))).not.toContain(before.split('.')[0]);
});

test('identity that is asked for later: the name waits in memory, and what was tracked gets it', async ({
  site,
  context,
}) => {
  const shop = await site(shopPages());
  const page = await open(context, shop);
  await page.evaluate(
    `shoptrail.consent({events: true}), shoptrail.track('step', {n: 1}), shoptrail.identify({email: 'ann@example.com'})`,
  );
  await page.evaluate('shoptrail.flush()');
  await expect.poll(() => steps(shop)).toEqual([1]);
  expect(JSON.stringify(shop.seen)).not.toContain('ann@example.com');
  await page.evaluate(`shoptrail.consent({identity: true}), shoptrail.track('step', {n: 2})`);
  await expect.poll(() => steps(shop)).toEqual([1, 2]);
  expect(shop.events('step')[1]!.keyValue).toBe('ann@example.com');
  expect(shop.events('visitorIdentified')).toHaveLength(1);
});

test('another person while nobody may be named yet: nothing of the two is mixed when they may', async ({
  site,
  context,
}) => {
  const shop = await site(shopPages());
  const page = await open(context, shop);
  const step = (n: number) => `shoptrail.track('step', {n: ${n}})`;
  const is = (name: string) => `shoptrail.identify({email: '${name}@example.com'})`;
  // Ann is known from an earlier page; then the two are here in turn before the banner has answered.
  await page.evaluate(`shoptrail.consent(true), ${is('ann')}, shoptrail.flush()`);
  await page.goto(`${shop.url}/a`);
  await tagOn(page);
  await page.evaluate('shoptrail.consent({events: true}), shoptrail.flush()');
  await page.evaluate([is('ann'), step(1), is('bob'), step(2), is('ann'), step(3)].join(','));
  await page.evaluate(`shoptrail.consent({identity: true}), shoptrail.flush()`);
  await expect.poll(() => steps(shop).sort()).toEqual([1, 2, 3]);
  const emails = Object.fromEntries(
    shop
      .events('step')
      .map(({ params }) => ['n', 'email'].map(name => params.find(each => each.name === name)?.value)),
  );
  expect(emails).toEqual({ 1: 'ann@example.com', 2: undefined, 3: 'ann@example.com' });
});

test.describe('Google Consent Mode on a page', () => {
  const gtag = `window.dataLayer = window.dataLayer || []; function gtag() { dataLayer.push(arguments) }`;
  const consent = (kind: string, value: string) =>
    `gtag('consent', '${kind}', {analytics_storage: '${value}', ad_user_data: '${value}', ad_storage: '${value}', ad_personalization: '${value}'})`;

  test('default denied, update granted by a click: what waited leaves', async ({ site, context }) => {
    const shop = await site({
      '/': html(
        `<button onclick="${consent('update', 'granted')}">Yes</button>`,
        `<script>${gtag}; ${consent('default', 'denied')}</script>${pastedLine()}`,
      ),
    });
    const page = await open(context, shop);
    await track(page, 1);
    await expectNothing(page);
    await page.getByText('Yes').click();
    await expect.poll(() => steps(shop)).toEqual([1]);
  });

  test('default denied, update granted by a script that comes late: what waited leaves', async ({
    site,
    context,
  }) => {
    const shop = await site({
      '/': html('', `<script>${gtag}; ${consent('default', 'denied')}</script>${pastedLine()}`),
    });
    const page = await open(context, shop);
    await track(page, 1);
    await page.evaluate(consent('update', 'granted'));
    await expect.poll(() => steps(shop)).toEqual([1]);
  });

  test('default late, after the tag: with data-consent="required" nothing was kept meanwhile', async ({
    site,
    context,
  }) => {
    const shop = await site({ '/': html('', `<script>${gtag}</script>${pastedLine(REQUIRED)}`) });
    const page = await open(context, shop);
    await track(page, 1);
    await page.evaluate(consent('default', 'denied'));
    await expectNothing(page);
    await page.evaluate(consent('update', 'denied'));
    await page.evaluate('shoptrail.flush()');
    await expectNothing(page);
    expect(shop.seen).toEqual([]);
  });

  test('default late, without "required": from then on nothing more is kept or sent until the update', async ({
    site,
    context,
  }) => {
    const shop = await site({ '/': html('', `<script>${gtag}</script>${pastedLine()}`) });
    const page = await open(context, shop);
    await track(page, 1);
    await page.evaluate('shoptrail.flush()');
    await expect.poll(() => steps(shop)).toEqual([1]);
    await page.evaluate(consent('default', 'denied'));
    await page.evaluate(`document.body.click()`);
    await track(page, 2);
    await page.evaluate('shoptrail.flush()');
    const other = await open(context, shop, '/');
    await other.close({ runBeforeUnload: true });
    expect(steps(shop)).toEqual([1]);
    await page.evaluate(consent('update', 'granted'));
    await expect.poll(() => steps(shop)).toEqual([1, 2]);
  });

  test('granted, then the banner’s update denied by a click: everything goes', async ({ site, context }) => {
    const shop = await site({
      '/': html(
        `<button onclick="${consent('update', 'denied')}">No</button>`,
        `<script>${gtag}; ${consent('update', 'granted')}; ${consent('default', 'denied')}</script>${pastedLine()}`,
      ),
    });
    const page = await open(context, shop);
    await track(page, 1);
    await expect.poll(() => steps(shop)).toEqual([1]);
    await page.getByText('No').click();
    await expectNothing(page);
    await track(page, 2);
    await page.evaluate('shoptrail.flush()');
    expect(steps(shop)).toEqual([1]);
  });
});

test('the WP Consent API: its banner names the type later, then the visitor agrees', async ({
  site,
  context,
}) => {
  const api = `window.waitfor_consent_hook = true;
    window.wp_has_consent = name => !window.wp_consent_type || document.cookie.includes('wp_consent_' + name + '=allow');`;
  const shop = await site({ '/': html('', `<script>${api}</script>${pastedLine()}`) });
  const page = await open(context, shop);
  await track(page, 1);
  await expectNothing(page);
  await page.evaluate(
    `window.wp_consent_type = 'optin', document.dispatchEvent(new CustomEvent('wp_consent_type_defined'))`,
  );
  await expectNothing(page);
  await page.evaluate(`document.cookie = 'wp_consent_statistics=allow',
    document.dispatchEvent(new CustomEvent('wp_listen_for_consent_change', {detail: {statistics: 'allow'}}))`);
  await expect.poll(() => steps(shop)).toEqual([1]);
});

test('a page that comes back by the back button after a withdrawal elsewhere keeps nothing', async ({
  site,
  context,
}) => {
  const shop = await site({ ...shopPages(), '/plain': '<title>Without</title>' });
  const page = await open(context, shop);
  await page.evaluate('shoptrail.consent(true), shoptrail.track("step", {n: 1}), shoptrail.flush()');
  await page.goto(`${shop.url}/plain`);
  const other = await open(context, shop, '/a');
  await other.evaluate('shoptrail.consent(false)');
  await expectNothing(other);
  await page.goBack();
  await tagOn(page);
  await track(page, 2);
  await page.evaluate('shoptrail.flush()');
  await expectNothing(page);
  expect(steps(shop)).toEqual([1]);
});

test('forget() empties the browser and asks the relay to drop what has not left it', async ({
  site,
  context,
}) => {
  const shop = await site(shopPages());
  const forgotten: string[] = [];
  shop.answer(({ path, body }, response) => {
    if (path !== '/x/forget') return response.writeHead(503).end();
    forgotten.push((body as never as { anonymousId: string }).anonymousId);
    return response.writeHead(forgotten.length === 1 ? 429 : 204, { 'retry-after': '1' }).end();
  });
  const page = await open(context, shop);
  await page.evaluate('shoptrail.consent(true), shoptrail.track("step", {n: 1}), shoptrail.flush()');
  const id = (await context.cookies())[0]!.value.split('.')[0];
  expect(await page.evaluate('shoptrail.forget()')).toBe(true);
  expect(forgotten).toEqual([id, id]);
  await expectNothing(page);
  await track(page, 2);
  await page.evaluate('shoptrail.flush()');
  await expectNothing(page);
});

test('a no and a yes at once in one tab hold, whatever the other tab has heard', async ({
  site,
  context,
}) => {
  const shop = await site(shopPages());
  const [one, two] = [await open(context, shop), await open(context, shop, '/a')];
  for (const page of [one, two]) await page.evaluate('shoptrail.consent(true), shoptrail.flush()');
  await one.evaluate('shoptrail.consent(false), shoptrail.consent(true), shoptrail.track("step", {n: 1})');
  await expect.poll(() => steps(shop)).toEqual([1]);
  await track(two, 2);
  await track(one, 3);
  await one.evaluate('shoptrail.flush()');
  expect(steps(shop)).toEqual([1, 3]);
});

/** What the browser has that is not the shop's own, as rows of the table have it. */
const found = async (page: Page): Promise<Pick<Stored, 'where' | 'name' | 'kind'>[]> => {
  const { cookies, local, session, databases } = await kept(page);
  const kinds = await page.evaluate(async names => {
    const all: [string, string][] = [];
    for (const name of names) {
      const open = indexedDB.open(name!);
      await new Promise(done => {
        open.onsuccess = done;
      });
      for (const store of open.result.objectStoreNames) {
        const keys = open.result.transaction(store).objectStore(store).getAllKeys();
        await new Promise(done => {
          keys.onsuccess = done;
        });
        for (const key of keys.result as [string][]) all.push([name!, key[0]]);
      }
      open.result.close();
    }
    return all;
  }, databases);
  return [
    ...cookies.map(name => ({ where: 'cookie' as const, name })),
    ...Object.keys(local).map(name => ({ where: 'localStorage' as const, name })),
    ...Object.keys(session).map(name => ({ where: 'sessionStorage' as const, name })),
    ...kinds.map(([name, kind]) => ({ where: 'IndexedDB' as const, name, kind })),
  ];
};

test('whatever the tag keeps is in the table, and each line of the table is something it keeps', async ({
  site,
  context,
}) => {
  const shop = await site({
    ...shopPages(`${REQUIRED} data-consent-hold="session"`),
    '/plain': '<title>Without</title>',
    '/no-database': html(
      '',
      `<script>Object.defineProperty(self, 'indexedDB', {value: undefined})</script>${pastedLine()}`,
    ),
  });
  shop.answer((_, response) => response.writeHead(503, { 'retry-after': '60' }).end());
  const used = new Set<Stored>();
  const look = async (page: Page) => {
    for (const { where, name, kind } of await found(page)) {
      const row = stored.find(
        line =>
          line.where === where &&
          line.kind === kind &&
          (line.isPrefix ? name.startsWith(line.name) : name === line.name),
      );
      expect(row, `${where} ${name} ${kind}`).toBeDefined();
      used.add(row!);
    }
  };
  const page = await open(context, shop);
  await track(page, 1);
  await page.goto(`${shop.url}/plain`);
  await look(page);
  await page.goto(`${shop.url}/a`);
  await tagOn(page);
  await page.evaluate(`shoptrail.consent(true), shoptrail.identify({email: 'ann@example.com'}),
    shoptrail.track('cartUpdated', {products: [{productId: '1', price: 1, quantity: 1}], currencyCode: 'EUR'}),
    shoptrail.flush()`);
  await expect.poll(() => shop.seen.length).toBeGreaterThan(0);
  const lookedAt = await context.newPage();
  await lookedAt.goto(`${shop.url}/plain`);
  await expect.poll(async () => (await found(lookedAt)).some(({ kind }) => kind === 'r')).toBe(true);
  await look(lookedAt);
  const without = await open(context, shop, '/no-database');
  await track(without, 2);
  await without.close({ runBeforeUnload: true });
  await look(lookedAt);

  await page.evaluate('shoptrail.consent(false)');
  await expectNothing(lookedAt);
  expect(stored.filter(row => !used.has(row))).toEqual([]);
});
