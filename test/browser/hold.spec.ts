import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import { page as html, pastedLine, type Site } from '../support/site';
import { param, type Stack, startStack, type TimelineRow } from '../support/stack';
import { expect, tagOn, test } from '../support/test';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LINE = 'data-endpoint="/x" data-anonymous="hold"';
/** Nothing of its own: only what is tracked leaves. */
const QUIET = `${LINE} data-page-views="false" data-identify-event="false"`;
const ANN = 'ann@example.com';
const timeZone = 'Europe/Kyiv';
const inKyiv = {
  relay: { PLATFORM_TIMEZONE: timeZone },
  sandbox: { SANDBOX_TIMEZONE: timeZone },
};

/** Opens a page some time ago: the page's clock is set back. */
const openThen = async (page: Page, url: string, ago: number) => {
  await page.addInitScript(`{
    const real = Date.now.bind(Date);
    Date.now = () => real() - ${ago};
  }`);
  await page.goto(url);
  await tagOn(page);
};

/** A page of today, or of so long ago. */
const open = async (context: BrowserContext, { url }: Site, ago = 0): Promise<Page> => {
  const page = await context.newPage();
  await openThen(page, url, ago);
  return page;
};

const n = (event: { params: unknown[] }) => param(event as never, 'n');
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);
const trackSteps = (page: Page, steps: number[]) =>
  page.evaluate(`for (const n of ${JSON.stringify(steps)}) shoptrail.track('step', {n}); shoptrail.flush()`);

/** The steps on her timeline, the oldest first. */
const stepsOfAnn = async (stack: Stack): Promise<TimelineRow[]> => {
  const contact = (await stack.contacts()).find((each: { email: string }) => each.email === ANN);
  const rows = contact ? await stack.timeline(contact.id) : [];
  return rows.filter(row => row.eventTypeKey === 'step').reverse();
};

const local = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
/** The minute in the account's time zone, or the next when the clock has just turned. */
const minutes = (at: number) => [0, MINUTE].map(more => local.format(at + more).replace(' ', 'T'));

test('held events stay in the browser until the visitor is known, then all leave, once and in order', async ({
  site,
  context,
}) => {
  const shop = await site({ '/': html('', pastedLine(LINE)) });
  for (const n of [1, 2]) {
    const page = await context.newPage();
    await page.goto(shop.url);
    await tagOn(page);
    await page.evaluate(`shoptrail.track('step', {n: ${n}}), shoptrail.flush()`);
    await page.close({ runBeforeUnload: true });
  }
  const page = await context.newPage();
  await page.goto(shop.url);
  await tagOn(page);
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
  site,
  context,
}) => {
  const stack = await startStack({ ...inKyiv, relay: { ...inKyiv.relay, HISTORY_DELAY_MINUTES: '0' } });
  const shop = await site({ '/': html('', pastedLine(LINE)) });
  shop.answer(stack.passOn);
  const when: number[] = [];
  for (const days of [3, 2, 1]) {
    when.push(Date.now() - days * DAY);
    const page = await open(context, shop, days * DAY);
    await trackSteps(page, [4 - days]);
    await page.close({ runBeforeUnload: true });
  }
  const page = await open(context, shop);
  await trackSteps(page, [4]);
  expect(await stack.events()).toEqual([]);
  await page.evaluate(`shoptrail.identify({email: '${ANN}'}), shoptrail.flush()`);

  await expect.poll(async () => (await stack.events('step')).length, { timeout: 45_000 }).toBe(4);
  expect(await stack.contacts()).toHaveLength(1);
  const steps = await stepsOfAnn(stack);
  expect(steps.map(n)).toEqual([1, 2, 3, 4]);
  for (const [at, { occurred }] of steps.slice(0, 3).entries())
    expect(minutes(when[at]!)).toContain(occurred);
  expect(steps[3]!.occurred).toBeUndefined();
  await stack.close();
});

test('a contact whom the platform does not know for an hour: then the whole trail, once, in order', async ({
  site,
  context,
}) => {
  const stack = await startStack({ ...inKyiv, movesClock: true });
  const shop = await site({ '/': html('', pastedLine(QUIET)) });
  shop.answer(stack.passOn);
  const when: number[] = [];
  for (const days of [3, 2, 1]) {
    for (const hours of [2, 1]) {
      const ago = days * DAY + hours * HOUR;
      when.push(Date.now() - ago);
      const page = await open(context, shop, ago);
      await trackSteps(page, [when.length]);
      await page.close({ runBeforeUnload: true });
    }
  }
  // Nothing but history leaves, and history makes no contact.
  const page = await open(context, shop);
  await page.evaluate(`shoptrail.identify({email: '${ANN}'}), shoptrail.flush()`);
  await expect.poll(async () => (await stack.ledger()).waiting.length).toBe(6);
  const { waiting: held } = await stack.ledger();
  expect(await stack.answers()).toEqual({});

  for (let refused = 0, passed = 0; passed < HOUR; passed += 15 * MINUTE) {
    await stack.pass(15 * MINUTE);
    await expect.poll(async () => (await stack.answers())[400] ?? 0).toBeGreaterThan(refused);
    refused = (await stack.answers())[400]!;
    const { waiting, dead } = await stack.ledger();
    expect(waiting).toEqual(expect.arrayContaining(held));
    expect(dead).toEqual([]);
  }
  expect(await stack.contacts()).toEqual([]);

  await trackSteps(page, [7]);
  await expect.poll(async () => (await stack.events('step')).map(n)).toContain(7);
  await stack.pass(15 * MINUTE);
  await expect.poll(async () => (await stack.events('step')).length).toBe(7);
  const steps = await stepsOfAnn(stack);
  expect(steps.map(n)).toEqual(numbers(1, 7));
  expect(new Set(steps.map(step => step.how))).toEqual(new Set(['by email']));
  for (const [at, { occurred }] of steps.slice(0, 6).entries())
    expect(minutes(when[at]!)).toContain(occurred);
  await expect.poll(() => stack.ledger()).toMatchObject({ waiting: [], dead: [], inDoubt: [] });
  await stack.close();
});

test('one bad event among 500 is a dead letter with the platform’s reason, and keeps none of the others', async ({
  site,
  context,
}) => {
  const stack = await startStack({ ...inKyiv, movesClock: true });
  const shop = await site({
    '/': html('', pastedLine('data-endpoint="/x" data-anonymous="hold" data-page-views="false"')),
  });
  shop.answer(stack.passOn);
  const yesterday = await open(context, shop, DAY);
  const bad = await yesterday.evaluate<string>(`new Promise(async resolve => {
    shoptrail.on('tracked', ({event, id}) => event === 'bad' && resolve(id));
    for (let n = 1; n <= 500; n++) {
      // What is inside contactJson only the platform looks at.
      if (n === 217) shoptrail.track('bad', {contactJson: '{"firstName": 217}'});
      else shoptrail.track('step', {n});
    }
  })`);
  await yesterday.evaluate('shoptrail.flush()');
  await yesterday.close({ runBeforeUnload: true });
  const page = await open(context, shop);
  await page.evaluate(`shoptrail.identify({email: '${ANN}'}), shoptrail.flush()`);
  await expect.poll(async () => (await stack.contacts()).length).toBe(1);
  await expect.poll(async () => (await stack.ledger()).waiting.length).toBe(500);

  await stack.pass(10 * MINUTE);
  await expect.poll(async () => (await stack.events('step')).length).toBe(499);
  await expect.poll(async () => (await stack.ledger()).waiting).toEqual([bad]);
  const good = numbers(1, 500).filter(step => step !== 217);
  expect((await stepsOfAnn(stack)).map(n)).toEqual(good);

  await stack.pass(DAY);
  await expect.poll(async () => (await stack.ledger()).dead).toEqual([bad]);
  const [letter, ...others] = await stack.deadLetters();
  expect(letter).toMatchObject({ id: bad, type: 'bad' });
  expect(letter!.reason).toContain('firstName must be a string');
  expect(others).toEqual([]);
  expect((await stepsOfAnn(stack)).map(n)).toEqual(good);
  expect(await stack.events('bad')).toEqual([]);
  await stack.close();
});

for (const [what, isTaken] of [
  ['the relay had its request and the answer never came', true],
  ['its request never came to the relay', false],
] as const) {
  test(`a browser that is closed half way through a trail, when ${what}: each event arrives once`, async ({
    site,
    playwright,
    launchOptions,
  }) => {
    const stack = await startStack({ ...inKyiv, relay: { ...inKyiv.relay, HISTORY_DELAY_MINUTES: '0' } });
    await stack.tellPlatform('registered', { email: ANN });
    const shop = await site({ '/': html('', pastedLine(QUIET)) });
    const profile = mkdtempSync(join(tmpdir(), 'shoptrail-profile-'));
    const openBrowser = () => playwright.chromium.launchPersistentContext(profile, launchOptions);

    const first = await openBrowser();
    const yesterday = await open(first, shop, DAY);
    await trackSteps(yesterday, numbers(1, 450));
    await yesterday.close({ runBeforeUnload: true });
    let given = 0;
    const stuck = new Promise<void>(resolve => {
      shop.answer(async (seen, response) => {
        const isHalfWay = given > 0;
        if (isTaken || !isHalfWay) given += seen.body.events.length;
        if (!isHalfWay) return stack.passOn(seen, response);
        if (isTaken) await stack.passOn(seen);
        resolve();
      });
    });
    const page = await open(first, shop);
    await page.evaluate(`void shoptrail.identify({email: '${ANN}'})`);
    await stuck;
    await first.close();
    const { forwarded, waiting } = await stack.ledger();
    expect(forwarded.length + waiting.length).toBe(given);
    expect(given).toBeLessThan(450);

    shop.answer(stack.passOn);
    const second = await openBrowser();
    await open(second, shop);
    await expect.poll(async () => (await stack.events('step')).length).toBe(450);
    await expect.poll(async () => (await stack.ledger()).waiting).toEqual([]);
    expect((await stepsOfAnn(stack)).map(n).sort()).toEqual(numbers(1, 450).sort());
    expect((await stack.ledger()).forwarded).toHaveLength(450);
    await second.close();
    await stack.close();
    rmSync(profile, { recursive: true, force: true });
  });
}
