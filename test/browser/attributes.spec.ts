import { page as html } from '../support/site';
import { expect, tagOn, test } from '../support/test';

const product = (id: string) => JSON.stringify({ productId: id, price: 2 });
const marked = (id: string) => `<main data-shoptrail-product='${product(id)}'>${id}</main>`;

const ids = (events: { params: { name: string; value: unknown }[] }[]) =>
  events.map(event => JSON.parse(`${event.params[0]!.value}`).productId);

test('a marked element that a script adds or changes is told, each variant once in a page view', async ({
  site,
  page,
}) => {
  const shop = await site({ '/': html('') });
  await page.goto(shop.url);
  await tagOn(page);
  await page.evaluate(`document.body.innerHTML = ${JSON.stringify(marked('A'))}`);
  await expect.poll(() => ids(shop.events('productViewed'))).toEqual(['A']);
  for (const id of ['B', 'A', 'C']) {
    await page.evaluate(
      `new Promise(told => {
        document.querySelector('main').dataset.shoptrailProduct = ${JSON.stringify(product(id))};
        setTimeout(told, 150);
      })`,
    );
  }
  await expect.poll(() => ids(shop.events('productViewed'))).toEqual(['A', 'B', 'C']);
});

test('after a soft navigation only what is new on the page is told', async ({ site, page }) => {
  const shop = await site({ '/': html(marked('A')) });
  await page.goto(shop.url);
  await expect.poll(() => ids(shop.events('productViewed'))).toEqual(['A']);
  await page.evaluate(`history.pushState({}, '', '/b')`);
  await expect.poll(() => shop.events('pageViewed').length).toBe(2);
  await page.evaluate(`document.body.innerHTML = ${JSON.stringify(marked('B'))}`);
  await expect.poll(() => ids(shop.events('productViewed'))).toEqual(['A', 'B']);
  await page.evaluate(
    `history.pushState({}, '', '/a'); document.body.innerHTML = ${JSON.stringify(marked('A'))}`,
  );
  await expect.poll(() => ids(shop.events('productViewed'))).toEqual(['A', 'B', 'A']);
});

test('a bad optional field costs the field, a missing required one the event, and both are told', async ({
  site,
  page,
}) => {
  const shop = await site({
    '/': html(`<script>
        window.notices = [];
        document.addEventListener('DOMContentLoaded', () => {});
        const wait = setInterval(() => {
          if (!window.shoptrail?.on) return;
          clearInterval(wait);
          shoptrail.on('invalid', notice => notices.push(notice.reason));
          document.body.append(document.querySelector('template').content);
        });
      </script>
      <template>
        <main data-shoptrail-currency="HR" data-shoptrail-product='{"productId":"A","price":2,"isInStock":7}'></main>
        <aside data-shoptrail-product='{"productId":"B"}'></aside>
        <aside data-shoptrail-product='{"productId":'></aside>
      </template>`),
  });
  await page.goto(shop.url);
  await expect.poll(() => shop.events('productViewed').length).toBe(1);
  expect(shop.events('productViewed')[0]!.params[0]).toEqual({
    name: 'product',
    value: '{"productId":"A","price":2}',
  });
  const notices = await page.evaluate<string[]>('notices');
  expect(notices).toEqual([
    expect.stringContaining('product.isInStock'),
    expect.stringContaining('currencyCode'),
    expect.stringContaining('product.price'),
    expect.stringContaining('product: expected an object'),
  ]);
});

test('a block is seen when half of it is visible for one second, once a page view', async ({
  site,
  page,
}) => {
  const block = (id: string, height: number) =>
    `<section data-shoptrail-impressions="${id}" style="height:${height}px"><p data-shoptrail-item="A">A</p></section>`;
  const shop = await site({
    '/': html(`${block('r1v1', 200)}<div style="height:3000px"></div>${block('r2v2', 4000)}`),
  });
  await page.setViewportSize({ width: 390, height: 800 });
  await page.goto(shop.url);
  await expect.poll(() => shop.events('productImpressions').length).toBe(1);
  // Seen again in the same page view: told once. The tall one can never be half visible: half of the screen counts.
  await page.evaluate('scrollTo(0, 5000)');
  await expect.poll(() => shop.events('productImpressions').length).toBe(2);
  await page.evaluate('scrollTo(0, 0)');
  await page.evaluate(`history.pushState({}, '', '/again')`);
  await expect.poll(() => shop.events('productImpressions').length).toBe(3);
  expect(shop.events('productImpressions').map(event => event.params[0]!.value)).toEqual([
    'r1v1',
    'r2v2',
    'r1v1',
  ]);
});

test('a block that passes by in less than a second is not seen', async ({ site, page }) => {
  const shop = await site({
    '/': html(`<div style="height:3000px"></div>
      <section data-shoptrail-impressions="r1v1" style="height:200px"><p data-shoptrail-item="A">A</p></section>
      <div style="height:3000px"></div>
      <section data-shoptrail-impressions="r2v2" style="height:200px"><p data-shoptrail-item="B">B</p></section>`),
  });
  await page.goto(shop.url);
  await tagOn(page);
  await page.evaluate(`new Promise(done => {
    document.querySelector('section').scrollIntoView();
    setTimeout(() => { scrollTo(0, 9999); done() }, 300);
  })`);
  await expect
    .poll(() => shop.events('productImpressions').map(event => event.params[0]!.value))
    .toEqual(['r2v2']);
});
