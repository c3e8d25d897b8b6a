import { readFileSync } from 'node:fs';
import { page as html, pastedLine } from '../support/site';
import { stub } from '../support/stub';
import { expect, tagOn, test } from '../support/test';

test('calls made before the script arrived are replayed in order, with their own time and page', async ({
  site,
  page,
}) => {
  const shop = await site({
    '/': html(
      '',
      `<script>${stub}
        window.kept = shoptrail;
        shoptrail.track('first', {n: 1});
        shoptrail.identify({email: 'ann@example.com'});
        shoptrail.track('pageViewed');
        history.replaceState({}, '', '/later');
        window.calledAt = Date.now();
        setTimeout(() => {
          const script = document.createElement('script');
          script.src = '/tag.js';
          script.dataset.endpoint = '/x';
          script.dataset.pageViews = 'false';
          script.dataset.identifyEvent = 'false';
          document.head.append(script);
        }, 400);
      </script>`,
    ),
  });
  await page.goto(shop.url);
  await expect.poll(() => shop.events().map(event => event.eventTypeKey)).toEqual(['first', 'pageViewed']);
  const [{ body }] = shop.seen as [(typeof shop.seen)[0]];
  const calledAt = await page.evaluate<number>('calledAt');
  for (const { at } of body.events) expect(Math.abs(at - calledAt)).toBeLessThan(200);
  expect(shop.events('pageViewed')[0]!.params).toContainEqual({
    name: 'page',
    value: `{"location":"${shop.url}/"}`,
  });
  expect(shop.events('first')[0]!.keyValue).toBe('ann@example.com');
  // Who kept the stub has the tag now.
  await page.evaluate(`kept.track('second', {}), kept.flush()`);
  await expect.poll(() => shop.events('second').length).toBe(1);
  expect(await page.evaluate('kept.q')).toBeUndefined();
});

test('the stub is at most 200 bytes', () => {
  expect(Buffer.byteLength(stub)).toBeLessThanOrEqual(200);
});

test('wire: v2 posts every event alone, exactly as the platform has it', async ({ site, page }) => {
  const shop = await site({ '/': html('', pastedLine('data-endpoint="/api/" data-wire="v2"')) });
  shop.answer((_, response) => response.writeHead(202).end());
  await page.goto(shop.url);
  await tagOn(page);
  await page.evaluate(
    `shoptrail.identify({phone: '+380 50 123 45 67'}); shoptrail.track('custom', {items: {array: [1]}})`,
  );
  await expect.poll(() => shop.seen.length).toBe(3);
  expect(shop.seen.map(({ path, headers }) => [path, headers['content-type']])).toEqual(
    Array(3).fill(['/api/v2/event', 'application/json']),
  );
  const custom = shop.seen.find(({ body }) => body.eventTypeKey === 'custom')!.body;
  expect(custom).toEqual({
    eventTypeKey: 'custom',
    keyValue: '380501234567',
    params: [
      { name: 'phone', value: '380501234567' },
      { name: 'items', value: { array: [1] } },
      { name: 'shoptrailEventId', value: expect.any(String) },
      { name: 'shoptrailAnonymousId', value: expect.any(String) },
    ],
  });
  // Accepted, and so forgotten: the next page has nothing to send again.
  await page.goto(`${shop.url}/?second`);
  await expect.poll(() => shop.events('pageViewed').length).toBe(2);
  expect(shop.events('custom')).toHaveLength(1);
});

test('an endpoint on another origin is asked without a preflight', async ({ site, page }) => {
  const relay = await site();
  relay.answer(({ body, headers }, response) => {
    response
      .writeHead(200, {
        'access-control-allow-origin': headers.origin!,
        'access-control-allow-credentials': 'true',
      })
      .end(JSON.stringify({ accepted: body.events.map(({ id }) => id), rejected: [] }));
  });
  const shop = await site({ '/': html('', pastedLine(`data-endpoint="${relay.url}"`)) });
  await page.goto(shop.url);
  await expect
    .poll(() => relay.seen.map(({ headers }) => headers['content-type']))
    .toEqual(['text/plain;charset=UTF-8']);
  await page.evaluate(`shoptrail.track('custom'), shoptrail.flush()`);
  await expect.poll(() => relay.events().map(event => event.eventTypeKey)).toEqual(['pageViewed', 'custom']);
  expect(relay.seen.map(({ path }) => path)).toEqual(['/v2/event', '/v2/event']);
});

test('where IndexedDB is refused events live in memory, are delivered, and it is told', async ({
  site,
  page,
}) => {
  await page.addInitScript(
    `Object.defineProperty(window, 'indexedDB', {get() { throw new DOMException('no', 'SecurityError') }})`,
  );
  const shop = await site({
    '/': html(
      '',
      `<script>${stub};shoptrail.on=function(n,f){shoptrail.q.push(['on',[n,f]])};
    window.degraded = 0; shoptrail.on('degraded', () => degraded++)</script>${pastedLine()}`,
    ),
  });
  await page.goto(shop.url);
  await tagOn(page);
  await page.evaluate(`shoptrail.track('custom')`);
  await expect.poll(() => shop.events().map(event => event.eventTypeKey)).toEqual(['pageViewed', 'custom']);
  expect(await page.evaluate<number>('degraded')).toBeGreaterThan(0);
});

test('where cookies are refused events are delivered all the same', async ({ site, page }) => {
  await page.addInitScript(`Object.defineProperty(Document.prototype, 'cookie', {get: () => '', set() {}})`);
  const shop = await site();
  await page.goto(shop.url);
  await tagOn(page);
  await page.evaluate(`shoptrail.track('custom')`);
  await expect.poll(() => shop.events().map(event => event.eventTypeKey)).toEqual(['pageViewed', 'custom']);
  expect(new Set(shop.events().map(event => event.keyValue)).size).toBe(1);
});

test('the npm entry does the same as the script', async ({ site, page }) => {
  const module = readFileSync(new URL('../../dist/shoptrail.mjs', import.meta.url), 'utf8');
  const source = `data:text/javascript;base64,${Buffer.from(module).toString('base64')}`;
  const shop = await site({
    '/': html(
      '',
      `<script type="module">
        import shoptrail, { track, init, version } from '${source}';
        track('early', {n: 1});
        init({endpoint: '/x', pageViews: false});
        shoptrail.track('later', {version});
      </script>`,
    ),
  });
  await page.goto(shop.url);
  await expect.poll(() => shop.events().map(event => event.eventTypeKey)).toEqual(['early', 'later']);
  expect(await page.evaluate('typeof window.shoptrail')).toBe('undefined');
});

test('refused events are told, and do not hold up the others', async ({ site, page }) => {
  const shop = await site({ '/': html('', pastedLine('data-endpoint="/x" data-page-views="false"')) });
  shop.answer(({ body }, response) => {
    // A relay that refuses the whole body: the bad one must be found among the others.
    const bad = body.events.some(({ event }) => event.eventTypeKey === 'bad');
    if (bad) response.writeHead(400).end('{"error":"the platform says no"}');
    else
      response
        .writeHead(200)
        .end(JSON.stringify({ accepted: body.events.map(({ id }) => id), rejected: [] }));
  });
  await page.goto(shop.url);
  await tagOn(page);
  await page.evaluate(`
    window.rejected = []; window.accepted = [];
    shoptrail.on('rejected', notice => rejected.push(notice.reason));
    shoptrail.on('accepted', ({ids}) => accepted.push(...ids));
    for (const name of ['one', 'two', 'bad', 'three']) shoptrail.track(name);
  `);
  await expect.poll(() => page.evaluate('accepted.length'), { timeout: 30_000 }).toBe(3);
  expect(await page.evaluate('rejected')).toEqual(['{"error":"the platform says no"}']);
});
