import type { BrowserContext, Page } from '@playwright/test';
import { type Stack, startStack } from '../support/stack';
import { test as base, expect, tagOn } from '../support/test';

/** Stands for the tag: says what it was told, and tells the page what a test wants it to. */
const RECORDER = `{
  const shop = window.shoptrail, listeners = [];
  const told = (method, args) =>
    method === 'on' ? listeners.push(args) : window.heard(method, ...args);
  for (const [method, args] of shop.q) told(method, [...args]);
  for (const method of Object.keys(shop)) shop[method] = (...args) => void told(method, args);
  delete shop.q;
  shop.version = 'recorder';
  window.notify = (name, notice) => listeners.forEach(([on, listener]) => on === name && listener(notice));
}`;

type Call = [method: string, ...args: unknown[]];

/** The demo shop with its banner, and every call that its pages have made to the tag. */
const test = base.extend<{ shop: string; calls: Call[] }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from its first argument
  shop: async ({}, use) => {
    const stack = await startStack({ storefront: { CONSENT: 'banner' } });
    await use(stack.shop);
    await stack.close();
  },
  calls: async ({ context }, use) => {
    const calls: Call[] = [];
    const faults: string[] = [];
    await context.exposeFunction('heard', (...call: Call) => calls.push(call));
    await context.route('**/x/shoptrail.js', route =>
      route.fulfill({ contentType: 'text/javascript', body: RECORDER }),
    );
    // What the policy or Trusted Types refuse; a status above 400 is what some of these tests are about.
    context.on('console', message => {
      if (message.type() === 'error' && !message.text().startsWith('Failed to load'))
        faults.push(message.text());
    });
    context.on('weberror', ({ error }) => faults.push(error().message));
    await use(calls);
    expect(faults).toEqual([]);
  },
});

const banner = (page: Page) => page.getByRole('region', { name: 'May we take notes?' });
const answer = (page: Page, name: string) => banner(page).getByRole('button', { name });
const choices = (page: Page) => page.getByRole('button', { name: 'Privacy choices' });
const focused = (page: Page) => page.locator(':focus');

/** Opens a page, and waits for the tag. */
const open = async (page: Page, address: string) => {
  await page.goto(address);
  await tagOn(page);
};

/** Answers, and waits for the server: what it says of an answer before is then not kept over this one. */
const give = async (page: Page, name: string) => {
  const told = page.waitForResponse('**/consent');
  await answer(page, name).click();
  await told;
  await expect(banner(page)).toBeHidden();
};

const cookies = async (context: BrowserContext) =>
  Object.fromEntries((await context.cookies()).map(({ name, value }) => [name, value]));

const states = [
  ['Accept all', 'all', true],
  ['Without my name', 'events', { events: true, identity: false }],
  ['Refuse', 'none', false],
] as const;

for (const [label, kept, consent] of states) {
  test(`"${label}" is kept and told in place, and told again by each page`, async ({ shop, calls, page }) => {
    await open(page, `${shop}/product/tall-mug`);
    expect(calls).toEqual([]);
    expect(await cookies(page.context())).toEqual({});
    await page.evaluate('window.isSamePage = true');

    await answer(page, label).click();
    await expect(banner(page)).toBeHidden();
    await expect(page.getByRole('status').filter({ hasText: label })).toBeVisible();
    expect(calls).toEqual([['consent', consent]]);
    expect(await cookies(page.context())).toEqual({ saltmarsh_consent: kept });
    expect(await page.evaluate('window.isSamePage')).toBe(true);

    await open(page, `${shop}/cart`);
    await expect(banner(page)).toBeHidden();
    await expect
      .poll(() => calls)
      .toEqual([
        ['consent', consent],
        ['consent', consent],
      ]);
  });
}

test('the keyboard alone answers, opens the question again, and leaves it', async ({ shop, calls, page }) => {
  await open(page, shop);
  await page.keyboard.press('Tab');
  await expect(focused(page)).toHaveText('Skip to content');
  for (const name of ['Details', 'Accept all', 'Without my name']) {
    await page.keyboard.press('Tab');
    await expect(focused(page)).toHaveText(name);
    expect(await focused(page).evaluate(each => getComputedStyle(each).outlineWidth)).toBe('3px');
  }
  // Not yet: there is no answer that could stay as it is.
  await page.keyboard.press('Escape');
  await expect(banner(page)).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(banner(page)).toBeHidden();
  await expect(page.locator('#main')).toBeFocused();

  const told = [...calls];
  for (const leave of ['Escape', 'Close']) {
    await choices(page).focus();
    await page.keyboard.press('Enter');
    await expect(banner(page)).toBeFocused();
    await expect(banner(page)).toContainText('Your answer: Without my name');
    if (leave === 'Close') for (let stop = 0; stop < 5; stop++) await page.keyboard.press('Tab');
    await page.keyboard.press(leave === 'Close' ? 'Space' : leave);
    await expect(banner(page)).toBeHidden();
    await expect(choices(page)).toBeFocused();
  }
  expect(calls).toEqual(told);

  await choices(page).press('Enter');
  for (let stop = 0; stop < 4; stop++) await page.keyboard.press('Tab');
  await expect(focused(page)).toHaveText('Refuse');
  await page.keyboard.press('Enter');
  await expect(choices(page)).toBeFocused();
  expect(calls.at(-1)).toEqual(['consent', false]);
});

for (const [width, height] of [
  [390, 844],
  [1280, 800],
] as const) {
  test.describe(`${width} pixels wide`, () => {
    test.use({ viewport: { width, height } });

    test('the banner moves nothing when it comes and goes', async ({ shop, calls: _, page }) => {
      await open(page, shop);
      await page.evaluate(() => {
        const shifts: unknown[] = [];
        Object.assign(window, { shifts });
        new PerformanceObserver(list => shifts.push(...list.getEntries())).observe({ type: 'layout-shift' });
      });
      const places = () =>
        page.evaluate(() =>
          ['.top', '#main', '.bottom'].map(part => {
            const { x, y, width, height } = document.querySelector(part)!.getBoundingClientRect();
            return [part, x, y + scrollY, width, height];
          }),
        );
      const before = await places();
      await expect(banner(page)).toHaveCSS('position', 'fixed');
      const sizes = await Promise.all(states.map(([label]) => answer(page, label).boundingBox()));
      for (const { width, height } of sizes.map(size => size!))
        expect([width, height]).toEqual([sizes[0]!.width, sizes[0]!.height]);
      await answer(page, 'Refuse').click();
      await expect(banner(page)).toBeHidden();
      expect(await places()).toEqual(before);
      await choices(page).click();
      await expect(banner(page)).toBeVisible();
      expect(await places()).toEqual(before);
      // Two frames: what has shifted is told after it was drawn.
      await page.evaluate(
        () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))),
      );
      expect(await page.evaluate('shifts')).toEqual([]);
    });

    test('what has the focus is never behind the banner', async ({ shop, calls: _, page }) => {
      await open(page, shop);
      const stops = new Set<string>();
      for (let stop = ''; !stop.endsWith('See what arrived'); stops.add(stop)) {
        await page.keyboard.press('Tab');
        const at = await page.evaluate(() => {
          const { activeElement: element } = document;
          const question = document.querySelector('#consent')!;
          const edge = question.getBoundingClientRect().top;
          return {
            name: `${element!.tagName} ${element!.textContent!.trim()}`,
            isBehind: !question.contains(element) && element!.getBoundingClientRect().bottom > edge,
          };
        });
        expect(at.isBehind, at.name).toBe(false);
        stop = at.name;
      }
      expect(stops.size).toBeGreaterThan(20);
    });
  });
}

test('an answer that was given elsewhere reaches a page that is shown again', async ({
  shop,
  calls,
  page,
  context,
}) => {
  await open(page, shop);
  const other = await context.newPage();
  await open(other, shop);
  await give(other, 'Accept all');
  await expect(banner(page)).toBeVisible();
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await expect(banner(page)).toBeHidden();
  await expect
    .poll(() => calls)
    .toEqual([
      ['consent', true],
      ['consent', true],
    ]);

  await choices(other).click();
  await give(other, 'Refuse');
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await expect
    .poll(() => calls.slice(2))
    .toEqual([
      ['consent', false],
      ['consent', false],
    ]);

  // Only news closes the question: who opened it again and looks away meanwhile finds it open.
  await choices(page).click();
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await expect(banner(page)).toBeVisible();
  expect(calls).toHaveLength(4);
});

test('an answer holds though the shop cannot be reached, and though the page is left at once', async ({
  shop,
  calls,
  page,
}) => {
  await page.route('**/consent', route => route.abort());
  await open(page, shop);
  await page.evaluate(() => {
    document.querySelector<HTMLButtonElement>('[name="answer"][value="none"]')!.click();
    location.href = '/cart';
  });
  await page.waitForURL('**/cart');
  await expect(banner(page)).toBeHidden();
  await expect
    .poll(() => calls)
    .toEqual([
      ['consent', false],
      ['consent', false],
    ]);
});

test('the shop keeps an answer itself: what only a script has kept does not last', async ({
  shop,
  calls: _,
  page,
  context,
}) => {
  await open(page, shop);
  const kept = page.waitForResponse('**/consent');
  await answer(page, 'Accept all').click();
  expect(await (await kept).headerValue('set-cookie')).toContain('saltmarsh_consent=all; Max-Age=15552000');
  const [cookie] = await context.cookies();
  expect(cookie).toMatchObject({ name: 'saltmarsh_consent', value: 'all', sameSite: 'Lax' });
  expect(cookie!.expires - Date.now() / 1000).toBeGreaterThan(179 * 86_400);
});

test('without JavaScript the question is answered by page loads', async ({ shop, browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${shop}/search?q=mug`);
  await answer(page, 'Without my name').click();
  await expect(page).toHaveURL(`${shop}/search?q=mug`);
  await expect(banner(page)).toBeHidden();
  expect(await cookies(context)).toEqual({ saltmarsh_consent: 'events' });

  await choices(page).click();
  await expect(page.getByTestId('answer')).toContainText('Your answer: Without my name');
  await page.getByRole('button', { name: 'Refuse' }).click();
  await expect(page.getByTestId('answer')).toContainText('Your answer: Refuse');

  await page.getByLabel('Mail address').fill('ada@example.com');
  await page.getByRole('button', { name: 'Subscribe' }).click();
  await expect(page.getByRole('heading', { name: 'You are not on the list yet' })).toBeVisible();
  await context.close();
});

test.describe('the newsletter form', () => {
  const subscribe = (page: Page) => page.getByRole('button', { name: 'Subscribe' });
  const said = (page: Page) => page.locator('[data-newsletter-answer]');
  const notify = (page: Page, name: string, notice: object) =>
    page.evaluate(
      ([name, notice]) => (window as never as { notify(...all: unknown[]): void }).notify(name, notice),
      [name, notice] as const,
    );

  test.beforeEach(async ({ shop, calls: _, page }) => {
    await open(page, `${shop}/sign-in`);
  });

  test('thanks in place once the relay has it, and is empty again', async ({ page }) => {
    const field = page.getByLabel('Mail address');
    await field.fill('ada@example.com');
    await page.getByLabel('First name').fill('Ada');
    await subscribe(page).press('Enter');
    await expect(said(page)).toHaveText('One moment…');
    await expect(subscribe(page)).toBeDisabled();
    await notify(page, 'subscribed', { id: '1' });
    await expect(said(page)).toContainText('Look into your mailbox');
    await expect(said(page)).toBeFocused();
    await expect(subscribe(page)).toBeEnabled();
    await expect(field).toHaveValue('');
    expect(new URL(page.url()).pathname).toBe('/sign-in');
  });

  test('says why it was refused, keeps what was typed, and takes another try', async ({ page }) => {
    const field = page.getByLabel('Mail address');
    await field.fill('ada@example.com');
    await subscribe(page).press('Enter');
    await notify(page, 'invalid', { event: 'identify', reason: 'of another call' });
    await expect(said(page)).toHaveText('One moment…');
    await notify(page, 'invalid', { event: 'subscribe', reason: 'email: an email address expected' });
    await expect(said(page)).toHaveText('That did not work: email: an email address expected');
    await expect(subscribe(page)).toBeFocused();
    await expect(field).toHaveValue('ada@example.com');
    await field.press('Enter');
    await expect(said(page)).toHaveText('One moment…');
  });

  test('gives hope up after a while, and thanks for a late answer all the same', async ({ page }) => {
    await page.clock.install();
    await page.reload();
    await tagOn(page);
    await page.getByLabel('Mail address').fill('ada@example.com');
    // From here on only the test moves the time: a busy machine is slower than what is left of the 15 seconds.
    await page.clock.pauseAt(Date.now() + 60_000);
    await subscribe(page).press('Enter');
    await page.clock.fastForward(14_900);
    await expect(said(page)).toHaveText('One moment…');
    await page.clock.fastForward(200);
    await expect(said(page)).toContainText('There is no answer yet');
    await notify(page, 'subscribed', { id: '1' });
    await expect(said(page)).toContainText('Look into your mailbox');
  });

  test('says nothing about what it did not ask for', async ({ page }) => {
    await notify(page, 'subscribed', { id: '1' });
    await notify(page, 'invalid', { event: 'subscribe', reason: 'of a form of another page' });
    await expect(said(page)).toBeEmpty();
  });

  test('goes to the server when the tag is blocked', async ({ page }) => {
    await page.route('**/x/shoptrail.js', route =>
      route.fulfill({ contentType: 'text/javascript', body: '' }),
    );
    await page.reload();
    await page.getByLabel('Mail address').fill('ada@example.com');
    await subscribe(page).click();
    await expect(page.getByRole('heading', { name: 'You are not on the list yet' })).toBeVisible();
  });
});

test.describe('with the tag itself', () => {
  const real = base.extend<{ demo: Stack }>({
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from its first argument
    demo: async ({}, use) => {
      const stack = await startStack({ storefront: { CONSENT: 'banner' }, relay: { SUBSCRIBE: 'on' } });
      await use(stack);
      await stack.close();
    },
  });

  real('nothing is sent or kept until an answer, and then what it allows', async ({ demo, page }) => {
    const sent: string[] = [];
    page.on('request', request => {
      if (request.method() === 'POST' && request.url().includes('/x/')) sent.push(request.url());
    });
    const signIn = async () => {
      await page.goto(`${demo.shop}/sign-in`);
      await page.getByLabel('Email').fill('ada@example.com');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await tagOn(page);
    };
    await signIn();
    expect(Object.keys(await cookies(page.context()))).toEqual(['saltmarsh_session']);
    expect(sent).toEqual([]);

    await answer(page, 'Without my name').click();
    await expect.poll(async () => (await demo.events('pageViewed')).length).toBe(1);
    await page.goto(`${demo.shop}/product/tall-mug`);
    await expect.poll(async () => (await demo.events('productViewed')).length).toBe(1);
    expect(JSON.stringify(await demo.events())).not.toContain('ada@example.com');

    await choices(page).click();
    await answer(page, 'Refuse').click();
    await expect
      .poll(async () => Object.keys(await cookies(page.context())).sort())
      .toEqual(['saltmarsh_consent', 'saltmarsh_session']);
    const before = sent.length;
    await open(page, `${demo.shop}/product/salt-pig`);
    await open(page, `${demo.shop}/wishlist`);
    expect(sent).toHaveLength(before);

    await choices(page).click();
    await answer(page, 'Accept all').click();
    await page.goto(`${demo.shop}/account`);
    await expect.poll(async () => JSON.stringify(await demo.events())).toContain('ada@example.com');
    expect(JSON.stringify(await demo.events())).not.toMatch(/sign-in|salt-pig/);
  });

  for (const label of ['no answer', 'Accept all']) {
    real(`with ${label} the newsletter form subscribes`, async ({ demo, page }) => {
      await open(page, demo.shop);
      if (label !== 'no answer') {
        await answer(page, label).click();
        await expect(banner(page)).toBeHidden();
        await open(page, `${demo.shop}/cart`);
      }
      await page.getByLabel('Mail address').fill('Ada@Example.com');
      await page.getByLabel('First name').fill('Ada');
      await page.getByRole('button', { name: 'Subscribe' }).click();
      await expect(page.locator('[data-newsletter-answer]')).toContainText('Look into your mailbox');
      await expect
        .poll(() => demo.contacts())
        .toMatchObject([
          {
            email: 'ada@example.com',
            firstName: 'Ada',
            groups: ['Newsletter', 'Glaze notes'],
            confirmed: false,
          },
        ]);
    });
  }
});
