import type { V2Event } from '../../src/protocol/types';
import { page as html, pastedLine } from '../support/site';
import { param } from '../support/stack';
import { stub } from '../support/stub';
import { expect, tagOn, test } from '../support/test';

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
  window.looks = 0;
  const jar = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie');
  Object.defineProperty(document, 'cookie', {
    get() {
      looks++;
      return jar.get.call(this);
    },
    set(value) {
      jar.set.call(this, value);
    },
  });
</script>`;

/** The types of the events in the database. */
const keptTypes = () =>
  new Promise<string[]>((resolve, reject) => {
    const opening = indexedDB.open('shoptrail');
    // Asking must not make it.
    opening.onupgradeneeded = () => opening.transaction!.abort();
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

test('a first page view looks once at the cookies, and so does all that one task tracks', async ({
  site,
  page,
}) => {
  const line = watched + pastedLine('data-endpoint="/x" data-delay="60000"');
  const shop = await site({ '/': html('', line) });
  const tracked = (count: number) =>
    expect.poll(() => page.evaluate<string[]>('tracked')).toHaveLength(count);
  await page.goto(shop.url);
  await tracked(1);
  expect(await page.evaluate('looks')).toBe(1);
  // The next one tells whether the browser took the cookie.
  await page.evaluate(`shoptrail.track('a')`);
  await tracked(2);
  await page.evaluate(`looks = 0; for (const event of ['b', 'c', 'd']) shoptrail.track(event)`);
  await tracked(5);
  expect(await page.evaluate('looks')).toBe(1);
});

test('what another tab did to the cookie counts from the next task, however soon', async ({ site, page }) => {
  const line = watched + pastedLine('data-endpoint="/x" data-delay="60000"');
  const shop = await site({ '/': html('', line) });
  await page.goto(shop.url);
  await tagOn(page);
  const ids = await page.evaluate(async () => {
    const { shoptrail } = window as unknown as { shoptrail: { track(event: string): void } };
    const made: string[] = [];
    for (let n = 0; n < 20; n++) {
      const id = crypto.randomUUID();
      made.push(id);
      const week = Math.floor(Date.now() / 604_800_000).toString(36);
      // biome-ignore lint/suspicious/noDocumentCookie: as the tag does
      document.cookie = `shoptrail_id=${id}.${week}; path=/`;
      shoptrail.track('step');
      // The next task, by nothing that would wait.
      await new Promise(resolve => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = resolve;
        port2.postMessage(0);
      });
    }
    return made;
  });
  await page.evaluate('shoptrail.flush()');
  await expect.poll(() => shop.events('step').length).toBe(20);
  const stamped = shop.events('step').map(event => param(event as never, 'shoptrailAnonymousId'));
  expect(stamped).toEqual(ids);
});

test('what is tracked after a sign-out is nobody’s of before, however soon in the same task', async ({
  site,
  page,
}) => {
  const shop = await site({ '/': html('', pastedLine('data-endpoint="/x" data-delay="60000"')) });
  await page.goto(shop.url);
  await tagOn(page);
  const hops = 8;
  await page.evaluate(async hops => {
    const { shoptrail } = window as unknown as { shoptrail: { track(event: string): void; reset(): void } };
    for (let n = 0; n < hops; n++) {
      shoptrail.track('before');
      for (let hop = 0; hop < n; hop++) await undefined;
      shoptrail.reset();
      shoptrail.track('after');
      await new Promise(resolve => setTimeout(resolve));
    }
  }, hops);
  await page.evaluate('shoptrail.flush()');
  await expect.poll(() => shop.events('after').length).toBe(hops);
  const idsOf = (name: string) =>
    shop.events(name).map(event => param(event as never, 'shoptrailAnonymousId'));
  const after = idsOf('after');
  expect(new Set(after).size).toBe(hops);
  expect(idsOf('before').slice(1)).toEqual(after.slice(0, -1));
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

/** A page that had made no database when it ended: what it leaves in localStorage, and in the cookie. */
const leftBy = (person: boolean) => {
  const anonymousId = '7d0c2a94-33b1-4e8f-8b65-9f1e6a5c4d22';
  const id = crypto.randomUUID();
  const params: never[] = [];
  const event = {
    v: 1,
    page: '1-gone',
    seq: 0,
    id,
    eventTypeKey: 'left',
    params,
    at: Date.now(),
    anonymousId,
  };
  const entries: unknown[] = [[['e', '1-gone', 0], event]];
  if (person) entries.push([['p', anonymousId], { email: 'ann@example.com' }]);
  const week = Math.floor(Date.now() / 604_800_000).toString(36);
  return {
    id,
    anonymousId,
    script: `if (!document.cookie) {
      localStorage.setItem('shoptrail.1-gone', ${JSON.stringify(JSON.stringify(entries))});
      document.cookie = 'shoptrail_id=${anonymousId}.${week}${person ? '.--0k--' : ''}; path=/';
    }`,
  };
};

test('a first page that has nothing of its own to send delivers what a page has left before there was a database', async ({
  site,
  page,
}) => {
  const shop = await site({ '/': html('', pastedLine('data-endpoint="/x" data-page-views="false"')) });
  const left = leftBy(false);
  await page.addInitScript(left.script);
  await page.goto(shop.url);
  await expect
    .poll(() => shop.seen.flatMap(({ body }) => body.events.map(event => event.id)))
    .toEqual([left.id]);
  expect(await page.evaluate('Object.keys(localStorage)')).toEqual([]);
});

for (const early of [true, false]) {
  const when = early ? 'before the tag is there' : 'later';
  test(`whom a page has named before there was a database is not mixed with who is named ${when} on the first one`, async ({
    site,
    page,
  }) => {
    const shop = await site({ '/': html('', `<script>${stub}</script>${pastedLine()}`) });
    const left = leftBy(true);
    const bob = `shoptrail.identify({email: 'bob@example.com'})`;
    await page.addInitScript(left.script);
    if (early) await page.addInitScript(`addEventListener('DOMContentLoaded', () => { ${bob} })`);
    await page.goto(shop.url);
    if (!early) await page.evaluate(bob);
    await expect.poll(() => shop.events('visitorIdentified').length).toBe(1);
    await expect.poll(() => shop.events('left').length).toBe(1);
    expect(shop.events('left')[0]!.keyValue).toBe('ann@example.com');
    const [{ keyValue, params }] = shop.events('visitorIdentified') as [V2Event];
    expect(keyValue).toBe('bob@example.com');
    expect(JSON.stringify(params)).not.toContain(left.anonymousId);
  });
}

test('a first page that hides at once says who it is, as a page has told before there was a database', async ({
  site,
  page,
}) => {
  const shop = await site({ '/': html('', `<script>${stub}</script>${pastedLine()}`) });
  await page.addInitScript(leftBy(true).script);
  await page.addInitScript(`addEventListener('DOMContentLoaded', () => {
    shoptrail.on('tracked', () => { location.href = '/elsewhere' });
  })`);
  await page.goto(shop.url);
  await page.waitForURL('**/elsewhere');
  await expect.poll(() => shop.events('pageViewed').length).toBe(1);
  expect(shop.events('pageViewed')[0]!.keyValue).toBe('ann@example.com');
});

test('forget() names to the relay what only a page before there was a database has tracked', async ({
  site,
  page,
}) => {
  const shop = await site({ '/': html('', `<script>${stub}</script>${pastedLine()}`) });
  const left = leftBy(false);
  await page.addInitScript(left.script.replace(/document\.cookie = .*/, `document.cookie = 'other=1';`));
  await page.goto(shop.url);
  await expect.poll(() => page.evaluate('!!shoptrail.version')).toBe(true);
  await page.evaluate('shoptrail.forget()');
  await expect
    .poll(() => shop.seen.filter(({ path }) => path === '/x/forget').map(({ body }) => body))
    .toContainEqual({ anonymousId: left.anonymousId });
});

test('a page whose database is not made at the first attempt keeps its view in the second', async ({
  site,
  page,
}) => {
  const shop = await site({ '/': html('', pastedLine('data-endpoint="/x" data-delay="60000"')) });
  await page.addInitScript(`{
    const { commit } = IDBTransaction.prototype;
    let failed;
    IDBTransaction.prototype.commit = function () {
      if (failed) return commit.call(this);
      failed = true;
      this.abort();
    };
  }`);
  await page.goto(shop.url);
  await expect.poll(() => page.evaluate(keptTypes).catch(() => 'none yet')).toEqual(['pageViewed']);
});
