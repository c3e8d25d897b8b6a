import type { BrowserContext, Page } from '@playwright/test';
import { names } from '../../src/tag/storage/names';
import { databaseSilent } from '../delivery/page-scripts';
import { param, type Stack, type Stored } from '../support/stack';
import { expect, tagOn, test } from '../support/test';

const open = async (context: BrowserContext, stack: Stack, path = '/') => {
  const page = await context.newPage();
  await page.goto(stack.shop + path);
  await tagOn(page);
  return page;
};

const track = (page: Page, n: number) => page.evaluate(`shoptrail.track('step', {n: ${n}})`);
const identify = (page: Page, person: object) =>
  page.evaluate(`shoptrail.identify(${JSON.stringify(person)})`);

/** Waits until the platform has so many steps, and tells under which email each came (or nobody's). */
const stepsByPerson = async (stack: Stack, count: number) => {
  const steps = () => stack.events('step');
  await expect.poll(async () => (await steps()).length, { timeout: 30_000 }).toBe(count);
  return Object.fromEntries(
    (await steps()).map(event => [param(event, 'n'), param(event, 'email') ?? 'nobody']),
  );
};

/** The numbers of the steps on each contact's timeline. */
const timelines = async (stack: Stack): Promise<Record<string, unknown[]>> => {
  const result: Record<string, unknown[]> = {};
  for (const contact of await stack.contacts()) {
    const rows: Stored[] = await stack.timeline(contact.id);
    result[contact.email] = rows
      .filter(row => row.eventTypeKey === 'step')
      .map(row => param(row, 'n'))
      .sort();
  }
  return result;
};

const ann = { email: 'ann@example.com' };
const bob = { email: 'bob@example.com' };

test('two people in turn on one browser, each with events queued offline, each get their own', async ({
  stack,
  context,
}) => {
  const page = await open(context, stack);
  await expect.poll(async () => (await stack.events('pageViewed')).length).toBe(1);
  await stack.stopRelay();
  await identify(page, ann);
  await track(page, 1);
  await track(page, 2);
  await page.evaluate('shoptrail.reset()');
  await track(page, 3);
  await identify(page, bob);
  await track(page, 4);
  await page.close({ runBeforeUnload: true });
  await stack.restartRelay();
  await open(context, stack);
  // What was tracked between sign-out and sign-in belongs to the one who then signed in: it was the same visit.
  expect(await stepsByPerson(stack, 4)).toEqual({ 1: ann.email, 2: ann.email, 3: bob.email, 4: bob.email });
  expect(await timelines(stack)).toEqual({ [ann.email]: [1, 2], [bob.email]: [3, 4] });
});

test('another person without a sign-out begins another visitor: nothing of the two is mixed', async ({
  stack,
  context,
}) => {
  const page = await open(context, stack);
  await track(page, 1);
  await identify(page, ann);
  await track(page, 2);
  await identify(page, bob);
  await track(page, 3);
  expect(await stepsByPerson(stack, 3)).toEqual({ 1: ann.email, 2: ann.email, 3: bob.email });
  const visitors = new Set((await stack.events()).map(event => param(event, 'shoptrailAnonymousId')));
  expect(visitors.size).toBe(2);
});

test('identify() before, after and while offline attaches to what is queued', async ({ stack, context }) => {
  const page = await open(context, stack);
  await track(page, 1);
  await page.evaluate('shoptrail.flush()');
  await expect.poll(async () => (await stack.events('step')).length).toBe(1);
  await context.setOffline(true);
  await track(page, 2);
  await identify(page, ann);
  await track(page, 3);
  await context.setOffline(false);
  expect(await stepsByPerson(stack, 3)).toEqual({ 1: 'nobody', 2: ann.email, 3: ann.email });
  // The first went without a name; the cookie id joins it to her timeline.
  expect(await timelines(stack)).toEqual({ [ann.email]: [1, 2, 3] });
  expect(await stack.events('visitorIdentified')).toHaveLength(1);
});

test('the same identify() on every page sends nothing more', async ({ stack, context }) => {
  for (const n of [1, 2, 3]) {
    const page = await open(context, stack);
    await identify(page, ann);
    await track(page, n);
    await page.evaluate('shoptrail.flush()');
    await page.close({ runBeforeUnload: true });
  }
  expect(await stepsByPerson(stack, 3)).toEqual({ 1: ann.email, 2: ann.email, 3: ann.email });
  expect(await stack.events('visitorIdentified')).toHaveLength(1);
});

test('the same person in two browsers is one contact by externalCustomerId', async ({ stack, browser }) => {
  for (const [n, person] of [
    [1, { ...ann, externalCustomerId: '1001' }],
    [2, { externalCustomerId: '1001' }],
  ] as const) {
    const context = await browser.newContext();
    const page = await open(context, stack);
    await identify(page, person);
    await track(page, n);
    await page.evaluate('shoptrail.flush()');
    await context.close();
  }
  await expect.poll(async () => (await stack.events('step')).length).toBe(2);
  expect(await stack.contacts()).toHaveLength(1);
  expect(await timelines(stack)).toEqual({ [ann.email]: [1, 2] });
});

test('sign-out and sign-in as the same person is one contact with two visits', async ({ stack, context }) => {
  const page = await open(context, stack);
  await identify(page, ann);
  await track(page, 1);
  await page.evaluate('shoptrail.reset()');
  await identify(page, ann);
  await track(page, 2);
  expect(await stepsByPerson(stack, 2)).toEqual({ 1: ann.email, 2: ann.email });
  expect(await timelines(stack)).toEqual({ [ann.email]: [1, 2] });
});

test('a second tab that slept through a change of person speaks for the new one', async ({
  stack,
  context,
}) => {
  const first = await open(context, stack);
  await identify(first, ann);
  await track(first, 1);
  const second = await open(context, stack, '/category/mugs');
  await track(second, 2);
  await identify(first, bob);
  await track(second, 3);
  await track(first, 4);
  await second.evaluate('shoptrail.reset()');
  await track(first, 5);
  await identify(first, bob);
  await track(second, 6);
  const steps = await stepsByPerson(stack, 6);
  expect(steps).toEqual({
    1: ann.email,
    2: ann.email,
    3: bob.email,
    4: bob.email,
    5: bob.email,
    6: bob.email,
  });
});

test('where the database does not answer, nobody takes over the id of the person whom it knows', async ({
  stack,
  context,
}) => {
  const first = await open(context, stack);
  await identify(first, ann);
  await expect.poll(async () => (await stack.events('pageViewed')).length).toBe(1);
  await stack.stopRelay();
  await track(first, 1);
  await first.close({ runBeforeUnload: true });
  await stack.restartRelay();

  const blocker = await context.newPage();
  await blocker.goto(`${stack.shop}/favicon.ico`);
  await blocker.evaluate(databaseSilent(names.database));
  const deaf = await open(context, stack);
  await identify(deaf, bob);
  await track(deaf, 2);
  expect(await stepsByPerson(stack, 1)).toEqual({ 2: bob.email });
  await blocker.close();
  await deaf.close();

  await open(context, stack);
  expect(await stepsByPerson(stack, 2)).toEqual({ 1: ann.email, 2: bob.email });
  const visitors = new Set((await stack.events('step')).map(event => param(event, 'shoptrailAnonymousId')));
  expect(visitors.size).toBe(2);
});

test('two tabs that are opened at once agree on one visitor', async ({ site, context }) => {
  const shop = await site();
  const pages = await Promise.all([context.newPage(), context.newPage(), context.newPage()]);
  await Promise.all(pages.map(page => page.goto(shop.url)));
  await expect.poll(() => shop.events('pageViewed').length).toBe(3);
  expect(new Set(shop.events().map(({ keyValue }) => keyValue)).size).toBe(1);
});

test('a marked form says who the visitor is; passwords and payment fields are never read', async ({
  site,
  page,
}) => {
  const shop = await site({
    '/': `<script async src="/tag.js" data-endpoint="/x" data-default-country="380"></script>
      <form action="/done" data-shoptrail-identify>
        <input type="email" name="a" value="Ann@Example.com">
        <input type="tel" name="b" value="050 123 45 67">
        <input name="c" value="C-7" data-shoptrail-identify="externalCustomerId">
        <input type="password" name="d" value="secret" data-shoptrail-identify="pushToken">
        <input name="e" value="4111111111111111" autocomplete="cc-number" data-shoptrail-identify="contactId">
        <button>Send</button>
      </form>
      <form action="/done"><input type="email" name="f" value="other@example.com"><button>Other</button></form>`,
    '/done': '<script async src="/tag.js" data-endpoint="/x"></script>',
  });
  await page.goto(shop.url);
  await tagOn(page);
  await page.getByText('Send').click();
  await page.waitForURL('**/done?*');
  await expect.poll(() => shop.events('visitorIdentified').length).toBe(1);
  const { params, keyValue } = shop.events('visitorIdentified')[0]!;
  expect(keyValue).toBe('C-7');
  expect(params.slice(0, -2)).toEqual([
    { name: 'phone', value: '380501234567' },
    { name: 'email', value: 'Ann@example.com' },
    { name: 'externalCustomerId', value: 'C-7' },
  ]);
});

test('what breaks the platform’s character rule loses no event, whichever way the platform reads it', async ({
  context,
}) => {
  const { startStack } = await import('../support/stack');
  for (const LOCATORS of ['strict', 'lenient']) {
    const stack = await startStack({ sandbox: { LOCATORS } });
    const page = await open(context, stack);
    await identify(page, { email: "o'neil@example.com", phone: '380501234567' });
    await track(page, 1);
    await expect.poll(async () => (await stack.events('step')).length).toBe(1);
    const [event] = await stack.events('step');
    expect(event!.keyValue).toBe('380501234567');
    expect(param(event!, 'email')).toBe(LOCATORS === 'strict' ? undefined : "o'neil@example.com");
    await context.clearCookies();
    await page.close();
    await stack.close();
  }
});
