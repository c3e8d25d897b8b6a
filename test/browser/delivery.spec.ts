import { page as html, pastedLine } from '../support/site';
import { idOf } from '../support/stack';
import { expect, tagOn, test } from '../support/test';

declare const shoptrail: {
  track(event: string, payload?: unknown): void;
  on(name: 'tracked', listener: (notice: { id: string }) => void): void;
};

test('an event tracked while the relay is down, in a tab that closes at once, arrives once at the next visit', async ({
  stack,
  context,
}) => {
  const page = await context.newPage();
  await page.goto(stack.shop);
  await expect.poll(async () => (await stack.events('pageViewed')).length).toBe(1);
  await stack.stopRelay();
  const id = await page.evaluate(
    () =>
      new Promise<string>(resolve => {
        shoptrail.on('tracked', notice => resolve(notice.id));
        shoptrail.track('giftWrapped', { paper: 'blue' });
      }),
  );
  await page.close({ runBeforeUnload: true });
  await stack.restartRelay();
  expect(await stack.events('giftWrapped')).toEqual([]);

  const next = await context.newPage();
  await next.goto(`${stack.shop}/category/mugs`);
  await expect.poll(async () => (await stack.events('giftWrapped')).map(idOf)).toEqual([id]);
  await expect.poll(async () => (await stack.events('productCategoryViewed')).length).toBe(1);
  expect((await stack.events('giftWrapped')).map(idOf)).toEqual([id]);
});

test('a relay that is killed between receipt and forwarding loses nothing, and repeats only what it calls in doubt', async ({
  stack,
  page,
}) => {
  await page.goto(stack.shop);
  await expect.poll(async () => (await stack.events('pageViewed')).length).toBe(1);
  // The platform does not answer: what the relay has received waits in its outbox, one event on its way.
  await stack.faults([{ kind: 'slow', ms: 60_000, times: 1 }]);
  await page.evaluate(() => {
    for (let n = 0; n < 10; n++) shoptrail.track('counted', { n });
  });
  await expect.poll(async () => (await stack.ledger()).waiting.length).toBeGreaterThan(8);
  await stack.stopRelay('SIGKILL');
  await stack.restartRelay();

  await expect.poll(async () => new Set((await stack.events('counted')).map(idOf)).size).toBe(10);
  await expect.poll(async () => (await stack.ledger()).waiting).toEqual([]);
  const ids = await stack.ids();
  const repeated = ids.filter((id, at) => ids.indexOf(id) !== at);
  const { inDoubt, forwarded, dead } = await stack.ledger();
  expect(dead).toEqual([]);
  expect(inDoubt).toEqual(expect.arrayContaining(repeated));
  expect(new Set(forwarded)).toEqual(new Set(ids));
});

test('a time to ask again that has passed keeps nothing from the pages after it', async ({ site, page }) => {
  const line = pastedLine('data-endpoint="/x" data-page-views="false" data-delay="100"');
  const leaving = `<script>addEventListener('pagehide', () => shoptrail.track('leaving'))</script>`;
  const shop = await site({ '/1': html('', line + leaving), '/2': html('', line), '/3': html('', line) });
  const errors: string[] = [];
  page.on('pageerror', error => errors.push(error.message));
  const has = new Set<string>();
  shop.answer(({ body: { events, have = [] } }, response) => {
    if (shop.seen.length === 1) return response.writeHead(503, { 'retry-after': '1' }).end();
    for (const { id } of events) has.add(id);
    const accepted = [...events.map(({ id }) => id), ...have.filter(id => has.has(id))];
    return response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ accepted, rejected: [] }));
  });
  const types = () => shop.events().map(({ eventTypeKey }) => eventTypeKey);
  for (const n of [1, 2, 3]) {
    await page.goto(`${shop.url}/${n}`);
    await tagOn(page);
    await page.evaluate(`shoptrail.track('page${n}')`);
    // The first request is refused, and counts as well.
    await expect.poll(() => types().filter(type => type === `page${n}`).length).toBe(n === 1 ? 2 : 1);
  }
  expect(types()).toEqual(['page1', 'page1', 'leaving', 'page2', 'page3']);
  expect(errors).toEqual([]);
  expect(await page.evaluate('Object.keys(localStorage)')).toEqual([]);
});

test('an event that a firewall forbids holds up no other', async ({ site, page }) => {
  const line = pastedLine('data-endpoint="/x" data-page-views="false" data-delay="100"');
  const shop = await site({ '/': html('', line) });
  const passed: string[] = [];
  shop.answer(({ body }, response) => {
    if (JSON.stringify(body).includes('<script>')) {
      response.writeHead(403, { 'content-type': 'text/html' }).end('<h1>Forbidden</h1>');
      return;
    }
    passed.push(...body.events.map(({ event }) => event.eventTypeKey));
    const accepted = body.events.map(({ id }) => id);
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ accepted, rejected: [] }));
  });
  await page.goto(shop.url);
  await tagOn(page);
  await page.evaluate(`shoptrail.track('before');
    shoptrail.track('searchRequest', { search: '<script>alert(1)</script>', isFound: 0 });
    shoptrail.track('after')`);
  await expect.poll(() => passed).toEqual(['before', 'after']);
  // Not only once.
  for (const n of [1, 2]) {
    await page.evaluate(`shoptrail.track('later${n}')`);
    await expect.poll(() => passed.at(-1)).toBe(`later${n}`);
  }
  expect(passed).toEqual(['before', 'after', 'later1', 'later2']);
});
