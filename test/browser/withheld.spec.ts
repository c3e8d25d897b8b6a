import { page as html } from '../support/site';
import { expect, tagOn, test } from '../support/test';

/** A property of the page that throws when it is touched. */
const throws = (owner: string, name: string) =>
  `Object.defineProperty(${owner}, '${name}', {
    configurable: true,
    get() { throw new DOMException('The operation is insecure.', 'SecurityError') },
  });`;

/** A property that is not there at all. */
const missing = (owner: string, name: string) =>
  `Object.defineProperty(${owner}, '${name}', { configurable: true, value: undefined });`;

/** A function that throws, or rejects, when it is called. */
const refuses = (owner: string, name: string, how = 'throw') =>
  `${owner}.${name} = function () {
    const error = new DOMException('The operation is insecure.', 'SecurityError');
    ${how === 'throw' ? 'throw error' : 'return Promise.reject(error)'};
  };`;

/** What browsers, their settings and extensions take away, as the script that does it before the tag. */
const scripts: Record<string, string> = {
  'IndexedDB throws when touched': throws('window', 'indexedDB'),
  'IndexedDB is missing': missing('window', 'indexedDB'),
  'IndexedDB refuses to open': refuses('IDBFactory.prototype', 'open'),
  'localStorage throws when touched': throws('window', 'localStorage'),
  'localStorage is missing': missing('window', 'localStorage'),
  'sessionStorage throws when touched': throws('window', 'sessionStorage'),
  'BroadcastChannel refuses': `BroadcastChannel = class { constructor() { throw new DOMException('The operation is insecure.', 'SecurityError') } };`,
  'BroadcastChannel is missing': missing('window', 'BroadcastChannel'),
  'Web Locks reject':
    refuses('LockManager.prototype', 'request', 'reject') +
    refuses('LockManager.prototype', 'query', 'reject'),
  'Web Locks are missing': missing('Navigator.prototype', 'locks'),
  'the cookie keeps nothing': `Object.defineProperty(Document.prototype, 'cookie', { get: () => '', set() {} });`,
  'the cookie throws when touched': `Object.defineProperty(Document.prototype, 'cookie', {
    get() { throw new DOMException('The document is sandboxed.', 'SecurityError') },
    set() { throw new DOMException('The document is sandboxed.', 'SecurityError') },
  });`,
  'sendBeacon refuses': `Navigator.prototype.sendBeacon = () => false;`,
  'sendBeacon is missing': missing('Navigator.prototype', 'sendBeacon'),
  'randomUUID is missing': missing('Crypto.prototype', 'randomUUID'),
  'IntersectionObserver is missing': missing('window', 'IntersectionObserver'),
  'requestIdleCallback is missing': `delete window.requestIdleCallback;`,
  'the Navigation API is missing': missing('window', 'navigation'),
};
/** As in Firefox with all cookies switched off. */
scripts['everything that stores or is shared refuses at once'] = [
  throws('window', 'localStorage'),
  throws('window', 'sessionStorage'),
  scripts['BroadcastChannel refuses'],
  scripts['IndexedDB refuses to open'],
  scripts['Web Locks reject'],
  scripts['the cookie keeps nothing'],
].join('\n');

for (const [title, script] of Object.entries(scripts)) {
  test(`${title}: every event arrives once, and nothing is thrown`, async ({ site, page }) => {
    const shop = await site({ '/': html(''), '/next': html('') });
    const errors: string[] = [];
    page.on('pageerror', error => errors.push(error.message));
    page.on('console', message => errors.push(message.text()));
    await page.addInitScript(script);
    await page.goto(shop.url);
    await tagOn(page);
    await page.evaluate(`
      shoptrail.track('first', {});
      shoptrail.identify({ email: 'ann@example.com' });
      shoptrail.track('cartUpdated', { products: [{ productId: 'A', price: 1, quantity: 1 }], currencyCode: 'EUR' });
    `);
    await page.evaluate(`shoptrail.flush()`);
    await page.goto(`${shop.url}/next`);
    await tagOn(page);
    await page.evaluate(`shoptrail.track('last', {}), shoptrail.flush()`);
    await expect.poll(() => shop.events('last').length).toBe(1);
    await expect.poll(() => shop.events('pageViewed').length).toBe(2);
    const types = shop.events().map(event => event.eventTypeKey);
    expect(types.toSorted()).toEqual(
      ['cartUpdated', 'first', 'last', 'pageViewed', 'pageViewed', 'visitorIdentified'].toSorted(),
    );
    expect(errors).toEqual([]);
  });
}
