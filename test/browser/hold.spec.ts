import type { Page } from '@playwright/test';
import { page as html, pastedLine } from '../support/site';
import { param, startStack } from '../support/stack';
import { expect, test } from '../support/test';

const DAY = 86_400_000;
const LINE = 'data-endpoint="/x" data-anonymous="hold"';

/** Opens a page some time ago: the page's clock is set back. */
const openThen = async (page: Page, url: string, ago: number) => {
  await page.addInitScript(`{
    const real = Date.now.bind(Date);
    Date.now = () => real() - ${ago};
  }`);
  await page.goto(url);
  await page.waitForFunction('window.shoptrail?.version');
};

test('held events stay in the browser until the visitor is known, then all leave, once and in order', async ({
  site,
  context,
}) => {
  const shop = await site({ '/': html('', pastedLine(LINE)) });
  for (const n of [1, 2]) {
    const page = await context.newPage();
    await page.goto(shop.url);
    await page.waitForFunction('window.shoptrail?.version');
    await page.evaluate(`shoptrail.track('step', {n: ${n}}), shoptrail.flush()`);
    await page.close({ runBeforeUnload: true });
  }
  const page = await context.newPage();
  await page.goto(shop.url);
  await page.waitForFunction('window.shoptrail?.version');
  await page.evaluate(`shoptrail.track('step', {n: 3}), shoptrail.flush()`);
  expect(shop.seen).toEqual([]);

  await page.evaluate(`shoptrail.identify({email: 'ann@example.com'}), shoptrail.track('step', {n: 4})`);
  const steps = () => shop.events('step').map(event => param(event as never, 'n'));
  await expect.poll(() => steps().length).toBe(4);
  expect([...steps()].sort()).toEqual([1, 2, 3, 4]);
  for (const { body } of shop.seen) {
    for (const envelope of body.events) {
      expect(envelope).toMatchObject({ held: true });
      expect(param(envelope.event as never, 'email')).toBe('ann@example.com');
    }
  }
});

test('three anonymous days, then a sign-in: the whole trail is on the timeline, with its true minutes', async ({
  browser,
}) => {
  const timeZone = 'Europe/Kyiv';
  const stack = await startStack({
    relay: { HISTORY_DELAY_MINUTES: '0', PLATFORM_TIMEZONE: timeZone },
    sandbox: { SANDBOX_TIMEZONE: timeZone },
  });
  // The relay takes events of its own address only: the page is served under it.
  const context = await browser.newContext();
  await context.route(`${stack.relayUrl}/shop`, route =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><title>Shop</title><link rel="icon" href="data:,"><script async src="/x/shoptrail.js" ${LINE}></script>`,
    }),
  );

  const when: number[] = [];
  for (const days of [3, 2, 1]) {
    const page = await context.newPage();
    await openThen(page, `${stack.relayUrl}/shop`, days * DAY);
    when.push(Date.now() - days * DAY);
    await page.evaluate(`shoptrail.track('step', {n: ${4 - days}}), shoptrail.flush()`);
    await page.close({ runBeforeUnload: true });
  }
  const page = await context.newPage();
  await page.goto(`${stack.relayUrl}/shop`);
  await page.waitForFunction('window.shoptrail?.version');
  await page.evaluate(`shoptrail.track('step', {n: 4}), shoptrail.flush()`);
  expect(await stack.events()).toEqual([]);
  await page.evaluate(`shoptrail.identify({email: 'ann@example.com'}), shoptrail.flush()`);

  await expect.poll(async () => (await stack.events('step')).length, { timeout: 45_000 }).toBe(4);
  const [contact, ...others] = await stack.contacts();
  expect(others).toEqual([]);
  const timeline: { eventTypeKey: string; occurred?: string; params: never[] }[] = await stack.timeline(
    contact.id,
  );
  const steps = timeline
    .filter(event => event.eventTypeKey === 'step')
    .sort((a, b) => Number(param(a as never, 'n')) - Number(param(b as never, 'n')));
  expect(steps.map(event => param(event as never, 'n'))).toEqual([1, 2, 3, 4]);

  const minute = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  /** The minute in the account's time zone, or the next when the clock has just turned. */
  const minutes = (at: number) => [0, 60_000].map(more => minute.format(at + more).replace(' ', 'T'));
  for (const [at, event] of steps.slice(0, 3).entries()) expect(minutes(when[at]!)).toContain(event.occurred);
  expect(steps[3]!.occurred).toBeUndefined();
  await context.close();
  await stack.close();
});
