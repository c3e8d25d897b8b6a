import { page as html, pastedLine } from '../support/site';
import { expect, tagOn, test } from '../support/test';

const PAGES = [
  '/',
  '/category/mugs',
  '/product/tall-mug',
  '/search?q=mug',
  '/search?q=zeppelin',
  '/cart',
  '/wishlist',
  '/sign-in',
];

test('the shop with the tag has no console message, no layout shift and one global more', async ({
  stack,
  page,
}) => {
  const messages: string[] = [];
  page.on('console', message => messages.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', error => messages.push(error.message));
  for (const path of PAGES) {
    await page.goto(stack.shop + path);
    await tagOn(page);
    const policy = (await page.request.get(stack.shop + path)).headers()['content-security-policy'];
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).toContain("connect-src 'self'");
    const shift = await page.evaluate(
      () =>
        new Promise<number>(resolve => {
          let sum = 0;
          new PerformanceObserver(list => {
            for (const entry of list.getEntries()) sum += (entry as unknown as { value: number }).value;
          }).observe({ type: 'layout-shift', buffered: true });
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
        }),
    );
    expect(shift, path).toBe(0);
  }
  await expect.poll(async () => (await stack.events('pageViewed')).length).toBe(PAGES.length);
  expect(messages).toEqual([]);
});

test('nothing of the page is patched, and one global name is added', async ({ site, page }) => {
  /** Everything a script could wrap: globals, and every property of the prototypes that tags are known to patch. */
  const remember = `
    const objects = {
      window, history, navigator, document, console, localStorage,
      History: History.prototype, XMLHttpRequest: XMLHttpRequest.prototype, EventTarget: EventTarget.prototype,
      Node: Node.prototype, Element: Element.prototype, Document: Document.prototype, Storage: Storage.prototype,
      Navigator: Navigator.prototype, Object: Object.prototype, Array: Array.prototype, Function: Function.prototype,
      String: String.prototype, Promise: Promise.prototype, Location: location, Response: Response.prototype,
    };
    const shapes = () => Object.fromEntries(Object.entries(objects).map(([name, object]) =>
      [name, Object.fromEntries(Reflect.ownKeys(object).map(key => {
        const {value, get, set} = Reflect.getOwnPropertyDescriptor(object, key) ?? {};
        return [key, typeof value === 'function' ? value : get ?? set ?? typeof value];
      }))]));
    const before = shapes();
    window.changed = () => {
      const after = shapes();
      const changes = [];
      for (const name of Object.keys(before))
        for (const key of new Set([...Reflect.ownKeys(before[name]), ...Reflect.ownKeys(after[name])]))
          if (before[name][key] !== after[name][key]) changes.push(name + '.' + String(key));
      return changes;
    };`;
  const shop = await site({
    '/': `<!doctype html><script>${remember}</script>${pastedLine()}<p data-shoptrail-category="Mugs">Mugs</p>`,
  });
  await page.goto(shop.url);
  await tagOn(page);
  await page.evaluate(
    `shoptrail.track('custom', {}), shoptrail.identify({email: 'a@example.com'}), shoptrail.flush()`,
  );
  await expect.poll(() => shop.events('custom').length).toBe(1);
  expect(await page.evaluate('changed()')).toEqual(['window.changed', 'window.shoptrail']);
});

test('a second copy of the tag does nothing, and says so once', async ({ site, page }) => {
  const shop = await site({ '/': html(pastedLine(), pastedLine()) });
  const warnings: string[] = [];
  page.on('console', message => warnings.push(message.text()));
  await page.goto(shop.url);
  await expect.poll(() => warnings).toEqual([expect.stringContaining('second copy')]);
  await page.evaluate(`shoptrail.track('custom', {}), shoptrail.flush()`);
  await expect.poll(() => shop.events('custom').length).toBe(1);
  expect(shop.events('pageViewed')).toHaveLength(1);
});

test('a line without an endpoint says what to do, and keeps calls until init()', async ({ site, page }) => {
  const shop = await site({ '/': html('', pastedLine('')) });
  const warnings: string[] = [];
  page.on('console', message => warnings.push(message.text()));
  await page.goto(shop.url);
  await tagOn(page);
  await page.evaluate(`shoptrail.track('early', {}); shoptrail.init({})`);
  await expect.poll(() => warnings).toEqual([expect.stringContaining('data-endpoint')]);
  await page.evaluate(`shoptrail.init({endpoint: '/x'})`);
  await expect.poll(() => shop.events('early').length).toBe(1);
});
