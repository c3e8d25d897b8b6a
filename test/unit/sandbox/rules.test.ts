import { describe, expect, it } from 'vitest';
import { event, params, sandbox } from './support';

const FORBIDDEN = ['<', ';', '’', '\\', '/', '|', '"', '`', "'", '^', '?', '!', ',', '>'];

describe('Generate event', () => {
  it('answers 200 with an empty body, in both versions', async () => {
    const { api } = sandbox();
    for (const path of ['/v1/event', '/v2/event']) {
      const answer = await api(path, event({ email: 'ann@example.com' }));
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-length')).toBe('0');
      expect(await answer.text()).toBe('');
    }
  });

  it('takes any user name with the key, or the token, and nothing else', async () => {
    const { api } = sandbox();
    const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;
    const status = async (authorization: string) =>
      (await api('/v2/event', event({}, 'k'), 'POST', authorization)).status;
    expect(await status(basic(':sandbox-key'))).toBe(200);
    expect(await status(basic('any one:sandbox-key'))).toBe(200);
    expect(await status('bearer sandbox-token')).toBe(200);
    for (const wrong of ['', basic('sandbox-key'), basic('a:b'), 'Bearer sandbox-key', 'Basic %%%']) {
      const answer = await api('/v2/event', event({}, 'k'), 'POST', wrong);
      expect(answer.status).toBe(401);
      expect(await answer.json()).toEqual({ status: 401, message: expect.any(String) });
    }
  });

  it.each(FORBIDDEN)('refuses %s in eventTypeKey and keyValue', async character => {
    const { send } = sandbox();
    const type = await send({ eventTypeKey: `a${character}b`, keyValue: 'k', params: [] });
    expect(type).toEqual({ status: 400, text: expect.stringContaining('eventTypeKey') });
    const key = await send(event({}, `a${character}b`));
    expect(key).toEqual({ status: 400, text: expect.stringContaining('keyValue') });
  });

  it.each([
    ['eventTypeKey', 100],
    ['keyValue', 300],
  ])('takes a %s of %i characters and not of one more', async (field, max) => {
    const { send } = sandbox();
    const of = (length: number) => ({
      eventTypeKey: 't',
      keyValue: 'k',
      params: [],
      [field]: 'я'.repeat(length),
    });
    expect((await send(of(max))).status).toBe(200);
    expect(await send(of(max + 1))).toEqual({ status: 400, text: expect.stringContaining(`at most ${max}`) });
    expect((await send(of(0))).status).toBe(400);
  });

  it.each([
    ['no JSON', '{'],
    ['not an object', '[]'],
    ['no eventTypeKey', { keyValue: 'k', params: [] }],
    ['a number as eventTypeKey', { eventTypeKey: 1, keyValue: 'k' }],
    ['a number as keyValue', { eventTypeKey: 't', keyValue: 1 }],
    ['null as keyValue', { ...event({ email: 'ann@example.com' }), keyValue: null }],
    ['null as params', { eventTypeKey: 't', keyValue: 'k', params: null }],
    ['params that are an object', { eventTypeKey: 't', keyValue: 'k', params: { a: 1 } }],
    ['a param that is a text', { eventTypeKey: 't', keyValue: 'k', params: ['a'] }],
    ['a param without name', { eventTypeKey: 't', keyValue: 'k', params: [{ value: 1 }] }],
    ['a param without value', { eventTypeKey: 't', keyValue: 'k', params: [{ name: 'a' }] }],
    [
      'a name given twice',
      { eventTypeKey: 't', keyValue: 'k', params: [...params({ a: 1 }), ...params({ a: 2 })] },
    ],
    ['a name of 101 characters', event({ ['n'.repeat(101)]: 1 }, 'k')],
    [
      'JSON that is nested too deep',
      `{"eventTypeKey":"t","keyValue":"k","params":[{"name":"a","value":${'['.repeat(5000)}${']'.repeat(5000)}}]}`,
    ],
  ])('refuses %s, and stores nothing', async (_, body) => {
    const { send, events } = sandbox();
    expect(await send(body)).toEqual({ status: 400, text: expect.stringMatching(/\w+ /) });
    expect(await events()).toEqual([]);
  });

  it.each([
    ['twice', [...params({ 'ann@example.com': 1 }), ...params({ 'ann@example.com': 2 })]],
    ['without a value', [...params({ a: 1 }), { name: 'ann@example.com' }]],
    ['of 101 characters', [...params({ a: 1 }), ...params({ [`ann@example.com${'x'.repeat(86)}`]: 1 })]],
  ])('says where a name stands %s and does not repeat it: it may be an address', async (_, list) => {
    const { send } = sandbox();
    const { status, text } = await send({ eventTypeKey: 't', keyValue: 'k', params: list });
    expect(status).toBe(400);
    expect(text).toContain('params[1]');
    expect(text).not.toContain('ann');
  });

  it('takes a name of 100 characters, null values, and an event with a key and no params at all', async () => {
    const { send } = sandbox();
    expect((await send(event({ ['n'.repeat(100)]: null }, 'k'))).status).toBe(200);
    expect((await send({ eventTypeKey: 't', keyValue: 'k' })).status).toBe(200);
  });

  it('takes JSON of any announced content type', async () => {
    const { app } = sandbox();
    for (const type of ['text/plain;charset=UTF-8', 'application/x-www-form-urlencoded', 'x/y']) {
      const headers = { authorization: 'Bearer sandbox-token', 'content-type': type };
      const body = JSON.stringify(event({}, 'k'));
      expect((await app.request('/api/v2/event', { method: 'POST', headers, body })).status).toBe(200);
    }
  });

  it('counts 20,000 UTF-8 bytes of the whole body', async () => {
    const { send } = sandbox();
    const room = 20_000 - Buffer.byteLength(JSON.stringify(event({ text: '' }, 'k')));
    const text = 'я'.repeat(Math.floor(room / 2)) + (room % 2 ? 'a' : '');
    expect((await send(event({ text }, 'k'))).status).toBe(200);
    expect(await send(event({ text: `${text}a` }, 'k'))).toEqual({
      status: 400,
      text: expect.stringContaining('20001 bytes'),
    });
    expect((await send(`${JSON.stringify(event({ text }, 'k'))} `)).status).toBe(400);
  });

  it('takes the key from the params, by rank and without case', async () => {
    const { send, events } = sandbox();
    await send(
      event({ PushToken: 't', PHONE: '380501234567', eMail: 'a@example.com', ExternalCustomerId: 7 }),
    );
    await send(event({ pushToken: 't', phone: '380501234567' }));
    expect((await events()).map((stored: { keyValue: string }) => stored.keyValue)).toEqual([
      '7',
      '380501234567',
    ]);
  });

  it.each(['', ' ', '   ', 'null', null])('takes externalCustomerId %j for absent', async value => {
    const { send, events, contacts } = sandbox();
    expect((await send(event({ externalCustomerId: value }))).status).toBe(400);
    expect((await send(event({ externalCustomerId: value, phone: '+1-541-754-3010' }))).status).toBe(200);
    expect((await events())[0].keyValue).toBe('+1-541-754-3010');
    expect(await contacts()).toMatchObject([{ externalCustomerId: null, phone: '15417543010' }]);
  });

  it('refuses an event that names nobody, in words', async () => {
    const { send } = sandbox();
    expect(await send(event({ name: 'Ann' }))).toEqual({
      status: 400,
      text: expect.stringContaining('keyValue'),
    });
  });

  it('takes a locator param with a forbidden character when lenient, and refuses it when strict', async () => {
    const body = event({ email: "o'neil@example.com", shoptrailAnonymousId: 'x' }, 'k');
    const lenient = sandbox();
    expect((await lenient.send(body)).status).toBe(200);
    expect(await lenient.contacts()).toMatchObject([{ email: "o'neil@example.com" }]);
    const { status, text } = await sandbox({ locators: 'strict' }).send(body);
    expect(status).toBe(400);
    expect(text).toContain('email');
    expect(text).not.toContain('neil');
  });
});

describe('site events', () => {
  const site = (eventTypeKey: string, values: Record<string, unknown>) => ({
    eventTypeKey,
    keyValue: 'k',
    params: params(values),
  });
  const product = '{"productId":"WS01-L-Green","price":45.5,"isInStock":1,"color":["green"]}';
  const line = '{"productId":"WS01-L-Green","quantity":1,"price":45.5}';

  it.each([
    ['pageViewed', { page: '{"location":"https://example.com"}' }],
    ['productViewed', { product, currencyCode: 'USD' }],
    ['productCategoryViewed', { category: '{"productCategoryId":"Mugs"}' }],
    ['cartUpdated', { products: `[${line}]`, recycleStateId: 'id' }],
    ['cartUpdated', { products: '[]', recycleStateId: 'id' }],
    ['cartUpdated', { recycleStateId: 'id' }],
    ['productImpressions', { recomVariantId: 'r12v34', products: '[{"productId":"1"}]' }],
    ['productAddedToWishlist', { product }],
    ['productAddedToWishlist', { product: `[${product}]` }],
    ['searchRequest', { search: 'mug' }],
    ['searchRequest', { search: 'mug', isFound: 0 }],
  ])('takes %s with %j', async (type, values) => {
    expect(await sandbox().send(site(type, values))).toEqual({ status: 200, text: '' });
  });

  it.each([
    ['pageViewed', {}, 'page'],
    ['pageViewed', { page: '{}' }, 'page.location'],
    ['pageViewed', { page: '{"location":""}' }, 'page.location'],
    ['pageViewed', { page: '{oops' }, 'page'],
    ['pageViewed', { page: 'https://example.com' }, 'page'],
    ['pageViewed', { page: { location: 'https://example.com' } }, 'page'],
    ['pageViewed', { page: 'null' }, 'page'],
    ['productViewed', { product: '{"price":1}' }, 'product.productId'],
    ['productViewed', { product: '{"productId":1,"price":1}' }, 'product.productId'],
    ['productViewed', { product: '{"productId":"1"}' }, 'product.price'],
    ['productViewed', { product: '{"productId":"1","price":"1"}' }, 'product.price'],
    ['productViewed', { product: '{"productId":"1","price":1,"isInStock":2}' }, 'product.isInStock'],
    ['productViewed', { product, currencyCode: 'HR' }, 'currencyCode'],
    ['productCategoryViewed', { category: '{}' }, 'category.productCategoryId'],
    ['cartUpdated', { products: `[${line}]` }, 'recycleStateId'],
    ['cartUpdated', { products: line, recycleStateId: 'id' }, 'products'],
    [
      'cartUpdated',
      { products: `[${line},{"productId":"1","price":1}]`, recycleStateId: 'id' },
      'products[1].quantity',
    ],
    ['cartUpdated', { products: '[1]', recycleStateId: 'id' }, 'products[0]'],
    ['productImpressions', { products: '[{"productId":"1"}]' }, 'recomVariantId'],
    ['productImpressions', { recomVariantId: '12', products: '[{"productId":"1"}]' }, 'recomVariantId'],
    ['productImpressions', { recomVariantId: 'r1v2' }, 'products'],
    ['productAddedToWishlist', { product: '{"productId":"1"}' }, 'product.price'],
    ['searchRequest', { search: '' }, 'search'],
    ['searchRequest', { search: 'mug', isFound: 12 }, 'isFound'],
  ])('refuses %s with %j and names %s', async (type, values, named) => {
    const { status, text } = await sandbox().send(site(type, values));
    expect(status).toBe(400);
    expect(text).toContain(named);
  });
});

describe('contactJson', () => {
  const send = (value: unknown) => sandbox().send(event({ contactJson: value }, 'k'));

  it('takes valid contact data, as text or as an object', async () => {
    const data = {
      firstname: 'a'.repeat(60),
      lastname: 'Smith',
      sms: '+1-541-754-3010',
      email: 'ann@example.com',
      town: 'London',
      timeZone: 'Etc/GMT+03',
      languageCode: 'uk',
      profileInputs: [{ profileInputId: 10001, value: '...' }],
      confirmed: false,
    };
    expect((await send(JSON.stringify(data))).status).toBe(200);
    expect((await send(data)).status).toBe(200);
  });

  it('names every bad field and repeats no value', async () => {
    const { status, text } = await send(
      JSON.stringify({
        firstname: 'a'.repeat(61),
        lastname: 'Smith',
        sms: '0501234',
        email: 'ann',
        confirmed: 'no',
      }),
    );
    expect(status).toBe(400);
    for (const field of ['firstname', 'sms', 'email', 'confirmed']) expect(text).toContain(field);
    expect(text).not.toMatch(/lastname|Smith|0501234|aaaa/);
  });

  it.each(['oops', '[]', 1])('refuses %j', async value => {
    expect((await send(value)).status).toBe(400);
  });
});
