import { page as html, pastedLine } from '../support/site';
import { stub } from '../support/stub';
import { expect, test } from '../support/test';

/** Writes down what the tag has tracked, and the mode of each transaction it asks for. */
const watched = `<script>
  ${stub}
  window.tracked = [];
  shoptrail.on('tracked', ({ event }) => tracked.push(event));
  window.modes = [];
  const { transaction } = IDBDatabase.prototype;
  IDBDatabase.prototype.transaction = function (stores, mode, ...rest) {
    modes.push(mode);
    return transaction.call(this, stores, mode, ...rest);
  };
  window.touched = 0;
  const { get } = Object.getOwnPropertyDescriptor(window, 'localStorage');
  Object.defineProperty(window, 'localStorage', {
    get() {
      touched++;
      return get.call(this);
    },
  });
</script>`;

/** The types of the events in the database. */
const keptTypes = () =>
  new Promise<string[]>((resolve, reject) => {
    const opening = indexedDB.open('shoptrail');
    opening.onerror = reject;
    opening.onsuccess = () => {
      const reading = opening.result.transaction('kept').objectStore('kept').getAll();
      reading.onsuccess = () => {
        opening.result.close();
        resolve(reading.result.map(({ eventTypeKey }) => eventTypeKey));
      };
    };
  });

test('a first page keeps all that it has in the transaction that makes the database, and touches no localStorage', async ({
  site,
  page,
}) => {
  const line = watched + pastedLine('data-endpoint="/x" data-delay="60000"');
  const shop = await site({ '/': html('<p data-shoptrail-category="Mugs">Mugs</p>', line) });
  const visit = async () => {
    await page.goto(shop.url);
    await expect.poll(() => page.evaluate('tracked')).toEqual(['pageViewed', 'productCategoryViewed']);
    return page.evaluate<string[]>('modes');
  };
  expect(await visit()).toEqual([]);
  expect(await page.evaluate('touched')).toBe(0);
  await expect.poll(() => page.evaluate(keptTypes)).toEqual(['pageViewed', 'productCategoryViewed']);
  // The next one reads first.
  expect((await visit())[0]).toBe('readonly');
  expect(await page.evaluate('touched')).toBe(1);
});

test('what a page has left before there was a database is delivered with the first page that makes one', async ({
  site,
  page,
}) => {
  const shop = await site();
  const id = crypto.randomUUID();
  const left = {
    v: 1,
    page: '1-gone',
    seq: 0,
    id,
    eventTypeKey: 'left',
    params: [],
    at: Date.now(),
    anonymousId: crypto.randomUUID(),
  };
  const journal = JSON.stringify([[['e', '1-gone', 0], left]]);
  await page.addInitScript(`localStorage.setItem('shoptrail.1-gone', ${JSON.stringify(journal)})`);
  await page.goto(shop.url);
  await expect.poll(() => shop.seen.flatMap(({ body }) => body.events.map(event => event.id))).toContain(id);
});
