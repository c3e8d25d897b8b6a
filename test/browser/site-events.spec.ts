import type { Page } from '@playwright/test';
import { param, type Stack, type Stored } from '../support/stack';
import { expect, test } from '../support/test';

const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/;

/** Waits for an event of a type, and takes the tag's two params off its end: they are checked here, once for all. */
const arrived = async (stack: Stack, page: Page, type: string, nth = 0) => {
  await expect.poll(async () => (await stack.events(type)).length).toBeGreaterThan(nth);
  const event = (await stack.events(type))[nth] as Stored;
  const [cookie] = (await page.context().cookies()).filter(({ name }) => name === 'shoptrail_id');
  const anonymousId = cookie!.value.split('.')[0]!;
  expect(anonymousId).toMatch(UUID);
  expect(event.params.slice(-2)).toEqual([
    { name: 'shoptrailEventId', value: expect.stringMatching(UUID) },
    { name: 'shoptrailAnonymousId', value: anonymousId },
  ]);
  expect(event.keyValue).toBe(anonymousId);
  return { eventTypeKey: event.eventTypeKey, params: event.params.slice(0, -2) };
};

const TALL_MUG =
  '{"productId":"MUG-TALL-BLUE","price":24.5,"isInStock":1,"color":["tide blue"],"material":["stoneware"]}';

test('opening a page is a pageViewed', async ({ stack, page }) => {
  await page.goto(stack.shop);
  expect(await arrived(stack, page, 'pageViewed')).toEqual({
    eventTypeKey: 'pageViewed',
    params: [{ name: 'page', value: `{"location":"${stack.shop}/"}` }],
  });
});

test('opening a product, and choosing another variant, is a productViewed each', async ({ stack, page }) => {
  await page.goto(`${stack.shop}/product/tall-mug`);
  expect(await arrived(stack, page, 'productViewed')).toEqual({
    eventTypeKey: 'productViewed',
    params: [
      { name: 'product', value: TALL_MUG },
      { name: 'currencyCode', value: 'EUR' },
    ],
  });
  await page.getByRole('radio', { name: 'ochre' }).check();
  const other = await arrived(stack, page, 'productViewed', 1);
  expect(JSON.parse(`${other.params[0]!.value}`)).toMatchObject({ productId: 'MUG-TALL-OCHRE', price: 26 });
  // The variant is in the address, which was only replaced: no other page was seen.
  await expect.poll(async () => (await stack.events('productViewed')).length).toBe(2);
  expect(await stack.events('pageViewed')).toHaveLength(1);
});

test('opening a category is a productCategoryViewed', async ({ stack, page }) => {
  await page.goto(stack.shop);
  await page.getByRole('navigation').getByRole('link', { name: 'Mugs' }).first().click();
  expect(await arrived(stack, page, 'productCategoryViewed')).toEqual({
    eventTypeKey: 'productCategoryViewed',
    params: [{ name: 'category', value: '{"productCategoryId":"Mugs"}' }],
  });
});

test('every change of the cart is a cartUpdated with the whole cart, the last one empty', async ({
  stack,
  page,
}) => {
  await page.goto(`${stack.shop}/product/tall-mug`);
  await page.getByRole('button', { name: 'Add to cart' }).click();
  const first = await arrived(stack, page, 'cartUpdated');
  const recycleStateId = first.params[2]!.value;
  expect(recycleStateId).toMatch(UUID);
  const line = (quantity: number) =>
    `{"productId":"MUG-TALL-BLUE","quantity":${quantity},"price":24.5,"name":"Tall mug, tide blue","category":"Mugs","color":["tide blue"],"material":["stoneware"]}`;
  expect(first).toEqual({
    eventTypeKey: 'cartUpdated',
    params: [
      { name: 'products', value: `[${line(1)}]` },
      { name: 'currencyCode', value: 'EUR' },
      { name: 'recycleStateId', value: recycleStateId },
    ],
  });

  await page.getByRole('button', { name: 'Add to cart' }).click();
  const second = await arrived(stack, page, 'cartUpdated', 1);
  expect(second.params[0]!.value).toBe(`[${line(2)}]`);
  expect(second.params[2]!.value).toBe(recycleStateId);

  await page.goto(`${stack.shop}/cart`);
  await page.getByRole('button', { name: /^Remove/ }).click();
  const third = await arrived(stack, page, 'cartUpdated', 2);
  expect(third.params).toEqual([
    { name: 'products', value: '[]' },
    { name: 'currencyCode', value: 'EUR' },
    { name: 'recycleStateId', value: recycleStateId },
  ]);

  // A cart that is looked at, and not changed, says nothing; and its cookie goes with the cart.
  await page.goto(stack.shop);
  await expect.poll(async () => (await stack.events('pageViewed')).length).toBeGreaterThan(3);
  expect(await stack.events('cartUpdated')).toHaveLength(3);
  expect((await page.context().cookies()).map(({ name }) => name)).not.toContain('shoptrail_cart');
});

test('putting a product on the wish list is a productAddedToWishlist', async ({ stack, page }) => {
  await page.goto(`${stack.shop}/product/tall-mug`);
  await page.getByRole('button', { name: 'Add to wishlist', exact: true }).click();
  expect(await arrived(stack, page, 'productAddedToWishlist')).toEqual({
    eventTypeKey: 'productAddedToWishlist',
    params: [
      { name: 'product', value: TALL_MUG },
      { name: 'currencyCode', value: 'EUR' },
    ],
  });
});

for (const [query, isFound] of [
  ['mug', 1],
  ['zeppelin', 0],
] as const) {
  test(`searching for "${query}" is a searchRequest with isFound ${isFound}`, async ({ stack, page }) => {
    await page.goto(stack.shop);
    await page.getByRole('searchbox').fill(query);
    await page.getByRole('searchbox').press('Enter');
    expect(await arrived(stack, page, 'searchRequest')).toEqual({
      eventTypeKey: 'searchRequest',
      params: [
        { name: 'search', value: query },
        { name: 'isFound', value: isFound },
      ],
    });
  });
}

test('a recommendation block that was on the screen for a second is a productImpressions', async ({
  stack,
  page,
}) => {
  await page.goto(stack.shop);
  await page.getByText('Picked for this week').scrollIntoViewIfNeeded();
  expect(await arrived(stack, page, 'productImpressions')).toEqual({
    eventTypeKey: 'productImpressions',
    params: [
      { name: 'recomVariantId', value: 'r12v34' },
      {
        name: 'products',
        value:
          '[{"productId":"MUG-TALL-OCHRE"},{"productId":"POT-HERON-CELADON-10"},{"productId":"BOWL-NOODLE-RUST"},{"productId":"TEA-SLACK-100"}]',
      },
    ],
  });
});

test('signing in attaches email, phone and externalCustomerId to what was queued and to what follows', async ({
  stack,
  page,
}) => {
  await page.goto(stack.shop);
  await expect.poll(async () => (await stack.events('pageViewed')).length).toBe(1);
  await stack.stopRelay();
  await page.goto(`${stack.shop}/sign-in`);
  await page.getByLabel('Email').fill('Ann@Example.COM');
  await page.getByLabel('Phone').fill('+38 050 123 45 67');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(url => !url.pathname.startsWith('/sign-in'));
  await stack.restartRelay();
  await page.goto(`${stack.shop}/product/tall-mug`);
  await expect.poll(async () => (await stack.events('productViewed')).length).toBe(1);
  const signIn = async () => (await stack.events('pageViewed')).map(event => `${param(event, 'page')}`);
  await expect.poll(signIn).toContainEqual(expect.stringContaining('/sign-in'));

  const [before, ...after] = await stack.events();
  expect(param(before!, 'email')).toBeUndefined();
  expect(after.map(event => event.eventTypeKey)).toContain('visitorIdentified');
  expect(after.filter(event => `${param(event, 'page')}`.includes('/sign-in'))).toHaveLength(1);
  for (const event of after) {
    expect(event.params.slice(0, 3)).toEqual([
      { name: 'phone', value: '380501234567' },
      { name: 'email', value: 'Ann@example.com' },
      { name: 'externalCustomerId', value: expect.stringMatching(/^SM-/) },
    ]);
    expect(event.keyValue).toBe(param(event, 'externalCustomerId'));
  }
  // One person, with the anonymous page view on the same timeline by the cookie's id.
  expect(await stack.contacts()).toHaveLength(1);
});
