import type { BrowserContext, Page } from '@playwright/test';
import { page as html } from '../support/site';
import { type Stack, startStack } from '../support/stack';
import { expect, tagOn, test } from '../support/test';
import { type Trace, tracesOf } from '../support/traces';

const EMAIL = 'Zebulon.Quagmire@Personal-Mail.example';
const PHONE = '+380 (67) 123-98-76';
const ID = 'Customer-Quagmire-4471';
const CONTACT = '7719284465';
const TOKEN = 'push-token-Xk83Qz';
const person = { email: EMAIL, phone: PHONE, externalCustomerId: ID, contactId: CONTACT, pushToken: TOKEN };
/** The number also as it is written without its country. */
const find = tracesOf(['Zebulon', 'Quagmire', 'Personal-Mail', '671239876', ID, CONTACT, TOKEN]);

/** What an error of the platform may say of a visitor. */
const QUOTING = `No contact ${EMAIL}, ${PHONE}, ${ID} (${CONTACT}), named Zebulon Quagmire, with ${TOKEN}`;

/** Everything of a browser that others may read: addresses, console, what page errors say, answers that refuse. */
const watch = (context: BrowserContext) => {
  const seen = { urls: [] as string[], console: [] as string[], refusals: [] as Promise<string>[] };
  context.on('request', request => seen.urls.push(request.url()));
  context.on('console', message => seen.console.push(message.text()));
  context.on('weberror', error => seen.console.push(`${error.error().stack}`));
  context.on('response', response => {
    // A page for its own visitor may greet them, whatever its status.
    const isPage = response.request().resourceType() === 'document';
    if (response.status() >= 400 && !isPage) seen.refusals.push(response.text().catch(() => ''));
  });
  return seen;
};

/** A page of the relay's own address in debug mode, which keeps what it is told. */
const openDebugPage = async (context: BrowserContext, { relayUrl }: Stack): Promise<Page> => {
  const line = `<script async src="/x/shoptrail.js" data-endpoint="/x" data-debug data-delay="100"></script>`;
  await context.route(`${relayUrl}/shop`, route =>
    route.fulfill({ contentType: 'text/html', body: html('', line) }),
  );
  const page = await context.newPage();
  await page.goto(`${relayUrl}/shop`);
  await tagOn(page);
  await page.evaluate(`
    notices = [];
    for (const name of ['invalid', 'tracked', 'accepted', 'rejected', 'dropped', 'blocked', 'degraded'])
      shoptrail.on(name, notice => notices.push(name + ' ' + JSON.stringify(notice)));
  `);
  return page;
};

const noticesOf = (page: Page) => page.evaluate<string[]>('notices');

/** Calls with personal data where none belongs, or in a form that cannot be read. */
const misplaced = [
  `identify('${EMAIL}')`,
  `identify(['${EMAIL}'])`,
  `identify({email: 'Zebulon Quagmire'})`,
  `identify({email: '${EMAIL.replace('@', ' at ')}'})`,
  `identify({email: {address: '${EMAIL}'}})`,
  `identify({phone: '${PHONE} or ${EMAIL}'})`,
  `identify({contactId: 'Quagmire'})`,
  `identify({externalCustomerId: ['${ID}']})`,
  `identify({externalCustomerId: '${ID}'.repeat(99)})`,
  `identify({get email() { throw Error('${EMAIL}') }})`,
  `track('productViewed', {product: {productId: 'A', price: '${EMAIL}'}})`,
  `track('productViewed', {product: {productId: {email: '${EMAIL}'}, price: 1}})`,
  `track('productViewed', {product: '${EMAIL}'})`,
  `track('productViewed', {product: {productId: 'A', price: 1}, currencyCode: '${EMAIL}'})`,
  `track('cartUpdated', {products: '${EMAIL}'})`,
  `track('cartUpdated', {products: [{productId: 'A', price: 1, quantity: '${PHONE}'}]})`,
  `track('productImpressions', {recomVariantId: '${EMAIL}', products: []})`,
  `track('searchRequest', {search: {email: '${EMAIL}'}})`,
  `track('searchRequest', {search: 'mug', isFound: '${EMAIL}'})`,
  `track('custom', '${EMAIL}')`,
  `track('custom', ['${EMAIL}', '${PHONE}'])`,
  `track('custom', {email: '${EMAIL}'})`,
  `track('custom', {contactKey: '${EMAIL}'})`,
  `track('custom', {who() { return '${EMAIL}' }})`,
  `track('custom', {who: new Error('${EMAIL}')})`,
  `track('custom', {get who() { throw Error('${EMAIL}') }})`,
  `track('custom', {who: {toJSON() { throw Error('${EMAIL}') }}})`,
  `track('custom', {text: '${EMAIL}'.repeat(999)})`,
];

test('what nobody should find is found, in every form', () => {
  const forms = [
    EMAIL,
    EMAIL.toUpperCase(),
    encodeURIComponent(EMAIL),
    encodeURIComponent(encodeURIComponent(`"${EMAIL}"`)),
    [...EMAIL].map(character => `%${character.charCodeAt(0).toString(16)}`).join(''),
    [...EMAIL].map(character => `\\u00${character.charCodeAt(0).toString(16)}`).join(''),
    [...EMAIL].map(character => `&#${character.charCodeAt(0)};`).join(''),
    ...['', 'a', 'ab'].map(before => btoa(`${before}${EMAIL}, ${ID}`)),
    btoa(`??>>${EMAIL}`).replaceAll('+', '-').replaceAll('/', '_'),
    encodeURIComponent(btoa(EMAIL.toLowerCase())),
    '067 123 98 76',
    PHONE,
    TOKEN,
    CONTACT,
  ];
  for (const form of forms) expect(find('', [`at ${form}.`]), form).not.toEqual([]);
  expect(find('', ['a mug for 24.50', btoa('nobody'), '1767123987'])).toEqual([]);
});

/** Bodies that relay and platform cannot take, or not as they are. */
const events = [
  { eventTypeKey: `${EMAIL}<`, keyValue: EMAIL },
  { eventTypeKey: 'x', keyValue: `${EMAIL}<` },
  { eventTypeKey: 'x', keyValue: EMAIL, params: EMAIL },
  { eventTypeKey: 'x', params: [{ name: 'e', value: EMAIL }] },
  { eventTypeKey: 'productViewed', keyValue: EMAIL, params: [{ name: 'product', value: EMAIL }] },
  ...[
    [{ name: EMAIL }],
    [
      { name: EMAIL, value: 1 },
      { name: EMAIL, value: 2 },
    ],
    [{ name: 'contactJson', value: EMAIL }],
    [{ name: 'contactJson', value: { email: QUOTING, [EMAIL]: 1, firstName: 1 } }],
    [{ name: 'contactJson', value: { sms: `${PHONE} or later`, profileInputs: [{ [EMAIL]: ID }] } }],
    [{ name: 'toString', value: { toString: EMAIL } }],
  ].map(params => ({ eventTypeKey: 'x', keyValue: EMAIL, params })),
];
const bodies = [
  EMAIL,
  `{"email": "${EMAIL}"`,
  `${'['.repeat(200)}"${EMAIL}"${']'.repeat(200)}`,
  ...[
    EMAIL,
    [person],
    { events: EMAIL, have: [EMAIL] },
    { events: [EMAIL, { id: EMAIL, event: person }, { id: '12345678', at: EMAIL, event: person }] },
    { id: EMAIL, domain: EMAIL },
    { anonymousId: EMAIL },
    EMAIL.repeat(20_000),
    ...events,
  ].map(body => JSON.stringify(body)),
];
const channels = [{ type: 'email', value: EMAIL }];
const subscriptions = [
  { contact: EMAIL },
  { contact: { channels: [{ type: 'email', value: 'Zebulon at Quagmire' }] } },
  { contact: { channels: [{ type: EMAIL, value: EMAIL }] } },
  { contact: { channels: [{ type: 'sms', value: `${PHONE}${PHONE}` }], externalCustomerId: [ID] } },
  { contact: { channels, firstName: 'Zebulon'.repeat(9) } },
  { contact: { channels, fields: [{ id: EMAIL, value: ID }] } },
  { contact: { channels }, groups: EMAIL },
  { contact: { channels }, formType: `${EMAIL}/` },
].map(body => JSON.stringify(body));
const unknown = { eventTypeKey: 'x', params: [{ name: 'email', value: `not.yet.${EMAIL}` }] };
const histories = [
  { ...unknown, occurred: '2026-01-01' },
  { ...unknown, occurred: EMAIL },
].map(event => JSON.stringify({ events: [event] }));

/** Sends all that to relay and sandbox, and answers what they said to what they refused. */
const sendUnreadable = async ({ relayUrl, sandboxUrl }: Stack): Promise<string[]> => {
  const refusals: string[] = [];
  const ask = async (url: string, body: string, headers: Record<string, string> = {}) => {
    const init = { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } };
    const answer = await fetch(url, init);
    if (answer.status >= 400) refusals.push(await answer.text());
  };
  const key = { authorization: `Basic ${btoa('shop:key')}` };
  const toRelay = ['v2/event', 'visitor', 'forget', 'v1/contact/subscribe'];
  const toPlatform = ['v2/event', 'v1/past_events', 'v1/contact/subscribe'];
  for (const body of [...bodies, ...subscriptions, ...histories]) {
    await Promise.all([
      ...toRelay.map(path => ask(`${relayUrl}/x/${path}`, body)),
      ...toPlatform.map(path => ask(`${sandboxUrl}/api/${path}`, body, key)),
      ask(`${sandboxUrl}/sandbox/faults`, body),
    ]);
  }
  for (const url of [`${relayUrl}/x`, `${relayUrl}/operator`, `${sandboxUrl}/api`, `${sandboxUrl}/sandbox`]) {
    await ask(`${url}/${EMAIL}?email=${EMAIL}`, EMAIL);
  }
  await ask(`${relayUrl}/x/v2/event`, '{}', { origin: `https://${ID}.example` });
  await ask(`${relayUrl}/x/v2/event`, '{}', { 'content-type': `text/${ID}` });
  await ask(`${relayUrl}/operator/forget`, EMAIL, { authorization: `Bearer ${EMAIL}` });
  await ask(`${sandboxUrl}/api/v2/event`, '{}', { authorization: `Basic ${btoa(`${EMAIL}:${ID}`)}` });
  return refusals;
};

test('nothing personal is in a cookie, an address, a log line or an error text, whatever goes wrong', async ({
  context,
}) => {
  const stack = await startStack({
    relay: { LOG_LEVEL: 'debug', SUBSCRIBE: 'on', PLATFORM_TIMEZONE: 'UTC' },
  });
  const seen = watch(context);
  const settled = async () => {
    await expect.poll(async () => (await stack.ledger()).waiting).toEqual([]);
    return stack.ledger();
  };

  const health = async () => (await fetch(`${stack.relayUrl}/healthz`)).json();

  // A visitor signs in, and buys.
  const shop = await context.newPage();
  await shop.goto(`${stack.shop}/sign-in`);
  await shop.getByLabel('Email').fill(EMAIL);
  await shop.getByLabel('Phone').fill(PHONE);
  await shop.getByRole('button', { name: 'Sign in' }).click();
  await expect(shop.getByRole('heading', { name: 'Your account' })).toBeVisible();
  await shop.goto(`${stack.shop}/product/tall-mug`);
  await shop.getByRole('button', { name: 'Add to cart' }).click();
  await expect(shop.getByRole('link', { name: 'See the cart' })).toBeVisible();
  await shop.goto(`${stack.shop}/checkout`);
  const cookies = [await shop.evaluate<string>('document.cookie')];
  await shop.getByLabel('Full name').fill('Zebulon Quagmire');
  for (const label of ['Street', 'Postcode', 'Town']) await shop.getByLabel(label).fill('Quagmire 1');
  await shop.getByRole('button', { name: 'Place order' }).click();
  await expect.poll(async () => (await stack.events('orderPlaced')).length).toBe(1);
  expect((await stack.contacts())[0].email).toBe(EMAIL.toLowerCase());

  // A page says who they are in every wrong place, and then in the right one.
  const page = await openDebugPage(context, stack);
  for (const call of misplaced) await page.evaluate(`(() => { shoptrail.${call} })()`);
  const invalid = async () => (await noticesOf(page)).filter(notice => notice.startsWith('invalid')).length;
  await expect.poll(invalid).toBeGreaterThanOrEqual(misplaced.length);
  const track = (name: string, from = page) =>
    from.evaluate(`shoptrail.track('${name}', {note: '${QUOTING}'}), shoptrail.flush()`);
  await page.evaluate(`shoptrail.identify(${JSON.stringify(person)})`);
  await track('message');
  await expect.poll(async () => (await stack.events('message')).length).toBe(1);

  // Others send what nobody can read.
  const refusals = await sendUnreadable(stack);
  expect(refusals.length).toBeGreaterThan(100);
  await settled();

  // The platform fails in every way, and quotes them.
  const failures = [500, 503, 429, 404].map(status => ({ kind: 'status', status, body: QUOTING }));
  for (const fault of [...failures, { kind: 'drop' }, { kind: 'truncate' }]) {
    await stack.faults([fault]);
    await track('trouble');
    await settled();
  }
  const { dead } = await settled();
  for (const status of [400, 413, 422]) {
    await stack.faults([{ kind: 'status', status, body: QUOTING }]);
    await track('refused');
    await settled();
  }
  // Newsletter forms are not the tag's.
  await stack.faults([{ kind: 'status', status: 400, body: QUOTING }]);
  await fetch(`${stack.relayUrl}/x/v1/contact/subscribe`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ contact: { channels, firstName: 'Zebulon' } }),
  });
  await expect.poll(async () => (await stack.ledger()).dead.length).toBe(dead.length + 4);
  const reasons = (await stack.deadLetters()).slice(-4).map(({ reason }) => reason);
  expect(reasons).toEqual(Array(4).fill(QUOTING));

  // The relay is killed with an event on its way, is down for a while, and finds its key refused.
  await stack.faults([{ kind: 'slow', ms: 60_000 }]);
  await track('cutShort');
  await expect.poll(async () => (await health()).sending).toBe(1);
  await stack.stopRelay('SIGKILL');
  await track('whileDown');
  await track('whileDown', shop);
  await stack.restartRelay();
  await expect.poll(async () => (await stack.events('cutShort')).length).toBeGreaterThan(0);
  for (const status of [401, 403]) {
    await stack.faults([{ kind: 'status', status, body: QUOTING }]);
    await track('keyless');
    await expect.poll(async () => (await health()).paused).not.toBeNull();
    await stack.stopRelay('SIGTERM');
    await stack.restartRelay();
  }
  await expect.poll(async () => (await stack.events('keyless')).length).toBe(2);

  const { relayUrl, sandboxUrl } = stack;
  const status = ['healthz', 'metrics'].map(path => `${relayUrl}/${path}`);
  status.push(`${sandboxUrl}/healthz`, `${sandboxUrl}/sandbox/requests`);
  const places: Record<string, string[]> = {
    'document.cookie': [...cookies, await page.evaluate('document.cookie')],
    cookies: (await context.cookies()).map(cookie => JSON.stringify(cookie)),
    addresses: seen.urls,
    console: seen.console,
    'what the tag tells': await noticesOf(page),
    'output of the servers': stack.output(),
    'status and metrics': await Promise.all(status.map(async url => (await fetch(url)).text())),
    'refusals in the browser': await Promise.all(seen.refusals),
    'refusals beside it': refusals,
  };
  const found: Trace[] = [];
  for (const [where, texts] of Object.entries(places)) {
    expect(texts.join(''), where).not.toBe('');
    found.push(...find(where, texts));
  }
  expect(found).toEqual([]);
  const output = stack.output().join('\n');
  for (const line of [
    'refused an event',
    'refused a subscription',
    'on their way',
    'refuses the key',
    'Stopping',
  ]) {
    expect(output).toContain(line);
  }
  await stack.close();
});
