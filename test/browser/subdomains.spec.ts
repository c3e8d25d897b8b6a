import type { BrowserContext, Page } from '@playwright/test';
import { page as html, pastedLine, type Site } from '../support/site';
import { param } from '../support/stack';
import { stub } from '../support/stub';
import { test as base, expect, tagOn } from '../support/test';

/** Every name is this machine: a shop can have the hosts it has in real life. */
const test = base.extend<object, { everyNameIsHere: undefined }>({
  launchOptions: [
    async ({ launchOptions }, use) => {
      const args = [...(launchOptions.args ?? []), '--host-resolver-rules=MAP * 127.0.0.1'];
      await use({ ...launchOptions, args });
    },
    { scope: 'worker' },
  ],
});

const NAME = 'shoptrail_id';
const OWN = '0b8f3c1e-6f5d-4c58-9a3e-0d6f0e2b7a11';
const SHARED = '7d0c2a94-33b1-4e8f-8b65-9f1e6a5c4d22';

const openAt = async (page: Page, { url }: Site, host: string) => {
  await page.goto(`http://${host}:${new URL(url).port}/`);
  await tagOn(page);
};

/** Visits the shop under each of these hosts, and tells under which anonymous id each visit's event came. */
const visit = async (page: Page, shop: Site, hosts: string[]): Promise<unknown[]> => {
  const ids: unknown[] = [];
  for (const host of hosts) {
    const before = shop.events().length;
    await openAt(page, shop, host);
    await page.evaluate('shoptrail.flush()');
    await expect.poll(() => shop.events().length).toBe(before + 1);
    ids.push(param(shop.events().at(-1) as never, 'shoptrailAnonymousId'));
  }
  return ids;
};

/** The visitor's cookies as the browser keeps them: `id@domain`, the domain with a dot when subdomains share it. */
const kept = async (context: BrowserContext) =>
  (await context.cookies())
    .filter(({ name }) => name === NAME)
    .map(({ value, domain }) => `${value.split('.')[0]}@${domain}`);

test('the hosts of a shop share one anonymous id, and one cart', async ({ site, context, page }) => {
  const shop = await site({ '/': html('') });
  const hosts = ['www.shop.test', 'shop.test', 'm.shop.test', 'www.shop.test'];
  const ids = await visit(page, shop, hosts);
  expect(new Set(ids).size).toBe(1);
  expect(await kept(context)).toEqual([`${ids[0]}@.shop.test`]);

  for (const [at, host] of hosts.entries()) {
    await openAt(page, shop, host);
    const products = [{ productId: 'mug', quantity: at + 1, price: 9 }];
    await page.evaluate(`shoptrail.track('cartUpdated', ${JSON.stringify({ products })}), shoptrail.flush()`);
  }
  await expect.poll(() => shop.events('cartUpdated').length).toBe(hosts.length);
  const carts = shop.events('cartUpdated').map(event => param(event as never, 'recycleStateId'));
  expect(new Set(carts).size).toBe(1);
});

for (const [what, domain] of [
  ['of all hosts', '.shop.test'],
  ['of one host', 'www.shop.test'],
] as const) {
  test(`a damaged cookie ${what} is healed: one id for all hosts again`, async ({ site, browser }) => {
    const shop = await site({ '/': html('') });
    for (const value of ['damaged', 'undefined', `${OWN}x.abc`, OWN.toUpperCase(), '%00', '']) {
      const context = await browser.newContext();
      await context.addCookies([{ name: NAME, value, domain, path: '/' }]);
      const page = await context.newPage();
      const ids = await visit(page, shop, ['www.shop.test', 'm.shop.test', 'www.shop.test']);
      expect(new Set(ids).size, value).toBe(1);
      const now = (await kept(context)).map(each => each.split('@')[0]);
      expect(new Set(now), value).toEqual(new Set(ids));
      await context.close();
    }
  });
}

const thisWeek = Math.floor(Date.now() / 604_800_000).toString(36);

/** Both cookies as they may stand in a browser, and the id that is read first: the older cookie's. */
const cases = [
  { order: 'own first, both of this week', week: thisWeek, first: OWN },
  { order: 'own last, both of this week', week: thisWeek, first: SHARED },
  { order: 'own first, both of an earlier week', week: 'abc', first: OWN },
  { order: 'own last, both of an earlier week', week: 'abc', first: SHARED },
];

/** Writes both as the tag does, the first one first, on a page without the tag. */
const writeBoth = async (page: Page, { url }: Site, { week, first }: (typeof cases)[0]) => {
  await page.goto(`http://www.shop.test:${new URL(url).port}/without-the-tag`);
  const both = [`${OWN}.${week}; path=/`, `${SHARED}.${week}; path=/; domain=shop.test`];
  for (const cookie of first === OWN ? both : both.reverse()) {
    await page.evaluate(`document.cookie = '${NAME}=${cookie}'`);
  }
  // A browser that cannot tell which one is older would make the rest a game of chance.
  expect(await page.evaluate('document.cookie')).toMatch(`${NAME}=${first}`);
};

for (const each of cases) {
  test(`a cookie of one host beside that of all hosts: one id everywhere (${each.order})`, async ({
    site,
    page,
  }) => {
    const shop = await site({ '/': html('') });
    await writeBoth(page, shop, each);
    const ids = await visit(page, shop, ['www.shop.test', 'm.shop.test', 'shop.test', 'www.shop.test']);
    expect(new Set(ids).size).toBe(1);
    expect([OWN, SHARED]).toContain(ids[0]);
  });

  test(`a cookie of one host beside that of all hosts: one is left, for all (${each.order})`, async ({
    site,
    context,
    page,
  }) => {
    const shop = await site({ '/': html('') });
    await writeBoth(page, shop, each);
    await visit(page, shop, ['www.shop.test', 'm.shop.test']);
    await page.evaluate('shoptrail.reset()');
    const [next, ...others] = await visit(page, shop, ['m.shop.test', 'www.shop.test']);
    expect([OWN, SHARED]).not.toContain(next);
    expect(others).toEqual([next]);
    expect(await kept(context)).toEqual([`${next}@.shop.test`]);
  });
}

for (const [host, domain] of [
  ['www.shop.co.uk', '.shop.co.uk'],
  ['shop.co.uk', '.shop.co.uk'],
  ['one.myshopify.com', '.one.myshopify.com'],
  ['one.github.io', '.one.github.io'],
  ['www.one.github.io', '.one.github.io'],
  ['localhost', 'localhost'],
  ['127.0.0.1', '127.0.0.1'],
] as const) {
  test(`on ${host} the cookie is for ${domain}`, async ({ site, context, page }) => {
    const shop = await site({ '/': html('') });
    const ids = await visit(page, shop, [host, host]);
    expect(new Set(ids).size).toBe(1);
    expect(await kept(context)).toEqual([`${ids[0]}@${domain}`]);
  });
}

test('wherever a shop is, its first event already finds the cookie: a tab opened beside it reads the same id', async ({
  site,
  context,
}) => {
  const line = `<script>
    ${stub}
    window.found = [];
    shoptrail.on('tracked', () => found.push(document.cookie));
  </script>${pastedLine('data-endpoint="/x" data-delay="60000"')}`;
  const shop = await site({ '/': html('', line) });
  for (const host of ['shop.test', 'm.shop.test', 'www.shop.co.uk', 'one.myshopify.com', '127.0.0.1']) {
    const page = await context.newPage();
    await openAt(page, shop, host);
    await expect.poll(() => page.evaluate('found')).toEqual([expect.stringContaining(`${NAME}=`)]);
  }
});

test('two shops of one platform share nothing', async ({ site, context, page }) => {
  const shop = await site({ '/': html('') });
  const hosts = ['one.myshopify.com', 'two.myshopify.com', 'one.myshopify.com'];
  const [one, two, again] = await visit(page, shop, hosts);
  expect(two).not.toBe(one);
  expect(again).toBe(one);
  expect((await kept(context)).sort()).toEqual(
    [`${one}@.one.myshopify.com`, `${two}@.two.myshopify.com`].sort(),
  );
});

/** Signs somebody in where the page is, and tells under which anonymous id that came. */
const signIn = async (page: Page, shop: Site, person: { email: string; externalCustomerId?: string }) => {
  const before = shop.events('signedIn').length;
  await page.evaluate(`shoptrail.identify(${JSON.stringify(person)}), shoptrail.track('signedIn')`);
  await page.evaluate('shoptrail.flush()');
  await expect.poll(() => shop.events('signedIn').length).toBe(before + 1);
  const event = shop.events('signedIn').at(-1) as never;
  expect(param(event, 'email')).toBe(person.email);
  return param(event, 'shoptrailAnonymousId');
};

test('who signs in on another host is another visitor than who was known on the first, and the same is the same', async ({
  site,
  page,
}) => {
  const shop = await site({ '/': html('') });
  await openAt(page, shop, 'www.shop.test');
  const bob = await signIn(page, shop, { email: 'bob@shop.test' });
  // He goes on there.
  await openAt(page, shop, 'account.shop.test');
  expect(await signIn(page, shop, { email: 'bob@shop.test', externalCustomerId: '7' })).toBe(bob);
  // Somebody else, and nobody has said that he left.
  await openAt(page, shop, 'm.shop.test');
  const ann = await signIn(page, shop, { email: 'ann@shop.test' });
  expect(ann).not.toBe(bob);
  await openAt(page, shop, 'www.shop.test');
  expect(await signIn(page, shop, { email: 'ann@shop.test' })).toBe(ann);
  for (const event of shop.events() as never[]) {
    const email = param(event, 'shoptrailAnonymousId') === ann ? 'ann@shop.test' : 'bob@shop.test';
    expect([undefined, email]).toContain(param(event, 'email'));
  }
});

test('a browser that has emptied the database, and kept the cookie, takes nobody for somebody else', async ({
  site,
  page,
}) => {
  const shop = await site({ '/': html('') });
  const empty = async () => {
    await page.goto(`http://www.shop.test:${new URL(shop.url).port}/without-the-tag`);
    await page.evaluate(
      () =>
        new Promise((resolve, reject) => {
          const request = indexedDB.deleteDatabase('shoptrail');
          request.onsuccess = resolve;
          request.onerror = reject;
        }),
    );
    await openAt(page, shop, 'www.shop.test');
  };
  await openAt(page, shop, 'www.shop.test');
  const bob = await signIn(page, shop, { email: 'bob@shop.test' });
  await empty();
  expect(await signIn(page, shop, { email: 'bob@shop.test' })).toBe(bob);
  await empty();
  expect(await signIn(page, shop, { email: 'ann@shop.test' })).not.toBe(bob);
});
