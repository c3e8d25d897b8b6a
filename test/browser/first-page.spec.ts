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
</script>`;

test('a first page keeps all that it has in one transaction, and does not read what nobody can have left', async ({
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
  expect(await visit()).toEqual(['readwrite']);
  // The next one reads first.
  expect((await visit())[0]).toBe('readonly');
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
