import { page as html } from '../support/site';
import { expect, tagOn, test } from '../support/test';

const location = (value: unknown) => new URL(JSON.parse(`${value}`).location);

/** The addresses of the page views that came, without the host. */
const viewed = (events: { params: { value: unknown }[] }[]) =>
  events.map(event => {
    const { pathname, search, hash } = location(event.params[0]!.value);
    return pathname + search + hash;
  });

test('a soft navigation is a view, a replaced address and an anchor are none', async ({ site, page }) => {
  const shop = await site({
    '/': html('<a id="anchor" href="#reviews">Reviews</a><h2 id="reviews">Reviews</h2>'),
  });
  await page.goto(shop.url);
  await expect.poll(() => viewed(shop.events('pageViewed'))).toEqual(['/']);
  await page.evaluate(`history.replaceState({}, '', '/?variant=2')`);
  await page.click('#anchor');
  await page.evaluate(`history.pushState({}, '', '/mugs')`);
  await page.evaluate(`history.pushState({}, '', '/mugs?page=2')`);
  await page.evaluate(`history.pushState({}, '', '/mugs?page=2')`);
  await page.evaluate(`history.pushState({}, '', '/#/cart')`);
  await page.evaluate('history.back()');
  await expect.poll(() => page.url()).toContain('/mugs?page=2');
  await page.evaluate('shoptrail.flush()');
  await expect
    .poll(() => viewed(shop.events('pageViewed')))
    .toEqual(['/', '/mugs', '/mugs?page=2', '/#/cart', '/mugs?page=2']);
});

test('without the Navigation API the address is compared after clicks and moves in the history', async ({
  site,
  page,
}) => {
  await page.addInitScript('delete window.navigation');
  const shop = await site({
    '/': html(`<button onclick="setTimeout(() => history.pushState({}, '', '/mugs'), 50)">Mugs</button>
      <button id="replace" onclick="history.replaceState({}, '', '?variant=2')">Variant</button>`),
  });
  await page.goto(shop.url);
  await tagOn(page);
  expect(await page.evaluate('window.navigation')).toBeUndefined();
  await page.click('#replace');
  await page.getByText('Mugs').click();
  await expect.poll(() => viewed(shop.events('pageViewed'))).toEqual(['/', '/mugs']);
  await page.evaluate('history.back()');
  await expect.poll(() => viewed(shop.events('pageViewed'))).toEqual(['/', '/mugs', '/?variant=2']);
});

test('a page that comes back out of the back/forward cache is viewed again, with its product', async ({
  site,
  page,
}) => {
  const shop = await site({
    '/': html(`<main data-shoptrail-product='{"productId":"A","price":1}'><a href="/next">Next</a></main>`),
    '/next': html('Next'),
  });
  await page.goto(shop.url);
  await expect.poll(() => shop.events('productViewed').length).toBe(1);
  await page.evaluate('window.sameDocument = true');
  await page.getByText('Next').click();
  await expect.poll(() => viewed(shop.events('pageViewed'))).toEqual(['/', '/next']);
  await page.evaluate('setTimeout(() => history.back(), 0)');
  await expect.poll(() => viewed(shop.events('pageViewed'))).toEqual(['/', '/next', '/']);
  expect(await page.evaluate('window.sameDocument')).toBe(true);
  await expect.poll(() => shop.events('productViewed').length).toBe(2);
});

test('a prerendered page is viewed when it is opened, not before', async ({ site, page }) => {
  // What a browser does on activation, done by hand: Playwright cannot open a prerendered page.
  await page.addInitScript(`
    let prerendering = true;
    Object.defineProperty(document, 'prerendering', {get: () => prerendering});
    window.activate = () => { prerendering = false; document.dispatchEvent(new Event('prerenderingchange')) };
  `);
  const shop = await site();
  await page.goto(shop.url);
  await tagOn(page);
  await page.evaluate(`shoptrail.track('custom'), shoptrail.flush()`);
  await expect.poll(() => shop.events().map(event => event.eventTypeKey)).toEqual(['custom']);
  await page.evaluate('activate()');
  await expect.poll(() => shop.events().map(event => event.eventTypeKey)).toEqual(['custom', 'pageViewed']);
});

test('a page in a frame captures nothing by itself', async ({ site, page }) => {
  const shop = await site({ '/': html('<iframe src="/inner"></iframe>'), '/inner': html('Inner') });
  await page.goto(shop.url);
  const inner = page.frame({ url: `${shop.url}/inner` })!;
  await tagOn(inner);
  await inner.evaluate(`shoptrail.track('inside'), shoptrail.flush()`);
  await expect.poll(() => shop.events('inside').length).toBe(1);
  await expect.poll(() => viewed(shop.events('pageViewed'))).toEqual(['/']);
});
