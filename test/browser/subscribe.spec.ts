import type { BrowserContext, Page } from '@playwright/test';
import { param, type Stack, startStack } from '../support/stack';
import { test as base, expect, tagOn } from '../support/test';

/** The demo shop with its banner and newsletter form, the real tag, relay and sandbox. */
const test = base.extend<{ stack: Stack }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from its first argument
  stack: async ({}, use) => {
    const stack = await startStack({
      relay: { SUBSCRIBE: 'on', SUBSCRIBE_GROUPS: 'Newsletter,Glaze notes' },
      storefront: { CONSENT: 'banner' },
    });
    await use(stack);
    await stack.close();
  },
});

const open = async (page: Page, stack: Stack, path = '/') => {
  await page.goto(stack.shop + path);
  await tagOn(page);
};

const subscribe = async (page: Page, email: string, firstName = '') => {
  await page.getByLabel('Mail address').fill(email);
  await page.getByLabel('First name').fill(firstName);
  await page.getByRole('button', { name: 'Subscribe' }).click();
};

const thanks = (page: Page) => page.getByText('Thank you. Look into your mailbox');

test('a new contact is made with its groups and its event, a known one has the other event', async ({
  stack,
  page,
}) => {
  await open(page, stack);
  // Not a word of consent was said: a subscription is the visitor's own wish.
  await subscribe(page, 'Ann@Example.com', 'Ann');
  await expect(thanks(page)).toBeVisible();
  await expect.poll(async () => (await stack.contacts()).length).toBe(1);
  const [ann] = await stack.contacts();
  expect(ann).toMatchObject({
    email: 'ann@example.com',
    firstName: 'Ann',
    groups: ['Newsletter', 'Glaze notes'],
    confirmed: false,
  });
  await expect.poll(async () => (await stack.events('subscribeFromApi-footer')).length).toBe(1);

  await open(page, stack, '/category/mugs');
  await subscribe(page, 'ann@example.com');
  await expect(thanks(page)).toBeVisible();
  await expect.poll(async () => (await stack.events('subscribeUpdateFromApi-footer')).length).toBe(1);
  expect(await stack.contacts()).toHaveLength(1);
  expect(await stack.events()).toHaveLength(2);
  // Nobody has allowed the tag to keep anything.
  expect((await page.context().cookies()).map(({ name }) => name)).not.toContain('shoptrail_id');
});

test('what cannot be a subscription is told to the visitor at once, in one sentence', async ({
  stack,
  page,
}) => {
  await open(page, stack);
  await page.getByRole('button', { name: 'Refuse' }).click();
  await page.evaluate(() => document.querySelector('[data-newsletter]')!.setAttribute('novalidate', ''));
  await subscribe(page, 'no address');
  await expect(page.getByText('That did not work: email: cannot be read as one')).toBeVisible();
  expect(await stack.contacts()).toEqual([]);
});

test('a relay with subscriptions off says so to whoever calls', async ({ site, page }) => {
  const stack = await startStack();
  const shop = await site();
  shop.answer(stack.passOn);
  await page.goto(shop.url);
  await tagOn(page);
  const told = await page.evaluate(`new Promise(resolve => {
    shoptrail.on('invalid', resolve);
    shoptrail.subscribe({email: 'ann@example.com'});
  })`);
  expect(told).toEqual({
    event: 'subscribe',
    reason: 'Subscriptions are off. The operator of the relay sets SUBSCRIBE=on.',
  });
  shop.answer();
  await stack.close();
});

for (const [status, words] of [
  [401, 'The API key may not subscribe contacts (401)'],
  [403, 'The API key may not subscribe contacts (403)'],
  [400, 'The platform refused a subscription'],
] as const) {
  test(`a platform that answers ${status} is one clear line for the owner, without the address`, async ({
    stack,
    page,
  }) => {
    await open(page, stack);
    await stack.faults([{ kind: 'status', status, body: '{"message":"ann@example.com is not welcome"}' }]);
    await subscribe(page, 'ann@example.com');
    await expect(thanks(page)).toBeVisible();
    const lines = () => stack.output().filter(line => line.includes(words));
    await expect.poll(() => lines().length).toBe(1);
    expect(stack.output().join('\n')).not.toMatch(/ann@/i);
    if (status === 400) expect(await stack.deadLetters()).toMatchObject([{ type: 'subscribe' }]);
    else expect((await stack.ledger()).waiting).toHaveLength(1);
  });
}

const names = async (context: BrowserContext) => (await context.cookies()).map(({ name }) => name).sort();

test('the shop’s banner with the real tag: refused, without a name, and everything', async ({
  stack,
  page,
  context,
}) => {
  const events = async () => (await stack.events()).map(({ eventTypeKey }) => eventTypeKey);
  const signIn = async () => {
    await open(page, stack, '/sign-in');
    await page.getByLabel('Email').first().fill('ann@example.com');
    await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL('**/account');
  };
  await open(page, stack, '/product/tall-mug');
  await page.getByRole('button', { name: 'Refuse' }).click();
  await signIn();
  await open(page, stack, '/category/mugs');
  expect(await names(context)).toEqual(['saltmarsh_consent', 'saltmarsh_session']);
  expect(await events()).toEqual([]);

  await page.getByRole('button', { name: 'Privacy choices' }).click();
  await page.getByRole('button', { name: 'Without my name' }).click();
  await expect.poll(events).toContain('pageViewed');
  expect(await stack.contacts()).toEqual([]);
  expect(JSON.stringify(await stack.events())).not.toContain('ann@example.com');

  await page.getByRole('button', { name: 'Privacy choices' }).click();
  await page.getByRole('button', { name: 'Accept all' }).click();
  await open(page, stack, '/');
  await expect.poll(events).toContain('visitorIdentified');
  const identified = (await stack.events('visitorIdentified'))[0]!;
  expect(param(identified, 'email')).toBe('ann@example.com');

  await page.getByRole('button', { name: 'Privacy choices' }).click();
  await page.getByRole('button', { name: 'Refuse' }).click();
  await expect.poll(() => names(context)).toEqual(['saltmarsh_consent', 'saltmarsh_session']);
});
