import { describe, expect, it } from 'vitest';
import { attributes, calls, json, visitor } from './visitor';

const asScript = { accept: 'application/json' };
const address = {
  email: 'ada@example.com',
  name: 'Ada Byron',
  street: 'Quay 1',
  city: 'Cork',
  postcode: 'T12',
};

describe('the cart', () => {
  it('is an empty list before anything is in it, and looking makes no cookie', async () => {
    const shop = visitor();
    expect(json(await shop.page('/'), 'data-shoptrail-cart')).toEqual([]);
    expect(shop.cookie()).toBe('');
  });

  it('carries every line in the attribute of every page', async () => {
    const shop = visitor();
    await shop.post('/cart/add', { product: 'tall-mug', color: 'ochre', quantity: '2' });
    await shop.post('/cart/add', { product: 'noodle-bowl', color: 'rust', quantity: '1' });
    const lines = [
      {
        productId: 'MUG-TALL-OCHRE',
        quantity: 2,
        price: 26,
        name: 'Tall mug, ochre',
        category: 'Mugs',
        color: ['ochre'],
        material: ['stoneware'],
      },
      {
        productId: 'BOWL-NOODLE-RUST',
        quantity: 1,
        price: 26,
        name: 'Noodle bowl, rust',
        category: 'Bowls',
        discount: '6.00',
        color: ['rust'],
        material: ['stoneware'],
      },
    ];
    for (const path of ['/', '/cart', '/product/salt-pig', '/checkout'])
      expect(json(await shop.page(path), 'data-shoptrail-cart')).toEqual(lines);
  });

  it('answers the page script with count and value', async () => {
    const shop = visitor();
    const answer = await shop.post(
      '/cart/add',
      { product: 'dune-cup', size: 'large', quantity: '3' },
      asScript,
    );
    expect(await answer.json()).toMatchObject({
      message: 'Dune cup, large is in your cart.',
      cart: { count: 3, value: [{ productId: 'CUP-DUNE-L', quantity: 3, price: 17 }] },
    });
    expect(await (await shop.get('/cart.json')).json()).toMatchObject({ cart: { count: 3 } });
  });

  it('adds up: lines, delivery below 60 euros, total', async () => {
    const shop = visitor();
    await shop.post('/cart/add', { productId: 'TEA-TIDE-100', quantity: '2' });
    await shop.post('/cart/add', { productId: 'TEA-TIDE-100', quantity: '1' });
    let page = await shop.page('/cart');
    expect(page).toContain('<dd>€59.70</dd>');
    expect(page).toContain('<dd>€5.90</dd>');
    expect(page).toContain('<dd data-testid="total">€65.60</dd>');
    await shop.post('/cart/add', { productId: 'TEA-MINT-80', quantity: '1' });
    page = await shop.page('/cart');
    expect(page).toContain('<dd>Free</dd>');
    expect(page).toContain('<dd data-testid="total">€69.50</dd>');
  });

  it('changes and removes lines', async () => {
    const shop = visitor();
    await shop.post('/cart/add', { productId: 'SALT-PIG', quantity: '1' });
    await shop.post('/cart/update', { productId: 'SALT-PIG', quantity: '4' });
    expect(json(await shop.page('/cart'), 'data-shoptrail-cart')).toMatchObject([{ quantity: 4 }]);
    await shop.post('/cart/update', { productId: 'SALT-PIG', quantity: '0' });
    expect(json(await shop.page('/cart'), 'data-shoptrail-cart')).toEqual([]);
    await shop.post('/cart/add', { productId: 'SALT-PIG', quantity: '1' });
    await shop.post('/cart/remove', { productId: 'SALT-PIG' });
    expect(await shop.page('/cart')).toContain('Your cart is empty');
  });

  it.each([
    [{ productId: 'MUG-TALL-SOOT', quantity: '1' }, 409],
    [{ productId: 'UMBRELLA', quantity: '1' }, 422],
    [{ productId: 'SALT-PIG', quantity: '-1' }, 422],
    [{ productId: 'SALT-PIG', quantity: '1.5' }, 422],
    [{ productId: 'SALT-PIG', quantity: '21' }, 422],
  ])('refuses %o with a sentence', async (fields, status) => {
    const shop = visitor();
    const answer = await shop.post('/cart/add', fields, asScript);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ message: expect.stringMatching(/\.$/) });
    expect(json(await shop.page('/'), 'data-shoptrail-cart')).toEqual([]);
  });

  it('never holds more than twenty of a thing', async () => {
    const shop = visitor();
    await shop.post('/cart/add', { productId: 'SALT-PIG', quantity: '15' });
    await shop.post('/cart/add', { productId: 'SALT-PIG', quantity: '15' });
    expect(json(await shop.page('/'), 'data-shoptrail-cart')).toMatchObject([{ quantity: 20 }]);
  });

  it('belongs to one visitor, by a cookie that scripts cannot read', async () => {
    const shop = visitor();
    const answer = await shop.post('/cart/add', { productId: 'SALT-PIG' });
    expect(answer.headers.get('set-cookie')).toMatch(
      /^saltmarsh_session=[\w-]{32}; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    const other = await shop.request('/', { headers: { cookie: 'saltmarsh_session=guessed' } });
    expect(json(await other.text(), 'data-shoptrail-cart')).toEqual([]);
  });
});

describe('the wishlist', () => {
  it('takes the attribute off a product that is on it, and gives it back', async () => {
    const shop = visitor();
    const ids = async () =>
      attributes(await shop.page('/category/bowls'), 'data-shoptrail-wishlist').map(
        text => JSON.parse(text).productId,
      );
    expect(await ids()).toContain('SALT-PIG');
    const wish = { productId: 'SALT-PIG', back: '/category/bowls' };
    const answer = await shop.post('/wishlist', { ...wish, wanted: 'yes' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/category/bowls']);
    expect(await ids()).not.toContain('SALT-PIG');
    expect(await shop.page('/wishlist')).toContain('Salt pig');
    const off = await shop.post('/wishlist', { ...wish, wanted: 'no' }, asScript);
    expect(await off.json()).toMatchObject({
      wishlist: { count: 0 },
      product: { productId: 'SALT-PIG', price: 36 },
    });
    expect(await ids()).toContain('SALT-PIG');
  });

  it('moves a product to the cart', async () => {
    const shop = visitor();
    await shop.post('/wishlist', { productId: 'SALT-PIG', wanted: 'yes' });
    await shop.post('/wishlist/move', { productId: 'SALT-PIG' });
    expect(json(await shop.page('/wishlist'), 'data-shoptrail-cart')).toMatchObject([
      { productId: 'SALT-PIG' },
    ]);
    expect(await shop.page('/wishlist')).toContain('Nothing wished for yet');
  });

  it('leads back only into the shop', async () => {
    for (const back of ['https://evil.example/', '//evil.example', '/\\evil.example', '/\t/evil.example']) {
      const answer = await visitor().post('/wishlist', { productId: 'SALT-PIG', wanted: 'yes', back });
      expect(answer.headers.get('location')).toBe('/wishlist');
    }
  });
});

describe('signing in and out', () => {
  const person = { email: 'ada@example.com', phone: '+353 (1) 234-5678' };

  it('identifies the customer on every page, and nobody before', async () => {
    const shop = visitor();
    expect(calls(await shop.page('/'))).toEqual([]);
    const answer = await shop.post('/sign-in', person);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/account']);
    for (const path of ['/', '/account', '/product/salt-pig', '/nowhere'])
      expect(calls(await shop.page(path))).toEqual([
        [
          'identify',
          {
            email: 'ada@example.com',
            phone: '+35312345678',
            externalCustomerId: expect.stringMatching(/^SM-\d{8}$/),
          },
        ],
      ]);
  });

  it('gives the same address the same customer number, in any letter case', async () => {
    const numbers = await Promise.all(
      ['ada@example.com', 'ADA@example.com', 'bob@example.com'].map(async email => {
        const shop = visitor();
        await shop.post('/sign-in', { email });
        return (calls(await shop.page('/'))[0]![1] as Record<string, string>).externalCustomerId;
      }),
    );
    expect(numbers[1]).toBe(numbers[0]);
    expect(numbers[2]).not.toBe(numbers[0]);
  });

  it('keeps the cart but not the session key', async () => {
    const shop = visitor();
    await shop.post('/cart/add', { productId: 'SALT-PIG' });
    const before = shop.cookie();
    await shop.post('/sign-in', person);
    expect(shop.cookie()).not.toBe(before);
    expect(json(await shop.page('/'), 'data-shoptrail-cart')).toHaveLength(1);
    const old = await shop.request('/', { headers: { cookie: before } });
    expect(json(await old.text(), 'data-shoptrail-cart')).toEqual([]);
  });

  it('asks again for a wrong address or phone, without a call to the tag', async () => {
    const page = await (await visitor().post('/sign-in', { email: 'ada', phone: '12' })).text();
    expect(page).toContain('id="email-problem"');
    expect(page).toContain('id="phone-problem"');
    expect(calls(page)).toEqual([]);
  });

  it('shows a nasty address as text when it refuses it', async () => {
    const email = '"><script>alert(1)</script>@example.com';
    const page = await (await visitor().post('/sign-in', { email })).text();
    expect(page).not.toContain('<script>alert');
    expect(attributes(page, 'value')).toContain(email);
  });

  it('passes an address with a quote on unharmed', async () => {
    const shop = visitor();
    await shop.post('/sign-in', { email: `o'neil&@example.com` });
    expect(calls(await shop.page('/'))[0]).toMatchObject(['identify', { email: `o'neil&@example.com` }]);
  });

  it('forgets the person, cart and wishlist on sign-out and resets the tag once', async () => {
    const shop = visitor();
    await shop.post('/sign-in', person);
    await shop.post('/cart/add', { productId: 'SALT-PIG' });
    await shop.post('/sign-out', {});
    const page = await shop.page('/');
    expect(calls(page)).toEqual([['reset']]);
    expect(json(page, 'data-shoptrail-cart')).toEqual([]);
    expect(calls(await shop.page('/'))).toEqual([]);
  });
});

describe('checkout', () => {
  it('needs a cart', async () => {
    expect((await visitor().get('/checkout')).headers.get('location')).toBe('/cart');
    expect((await visitor().get('/thank-you')).headers.get('location')).toBe('/');
  });

  it('names each missing field', async () => {
    const shop = visitor();
    await shop.post('/cart/add', { productId: 'SALT-PIG' });
    const page = await (await shop.post('/checkout', { email: 'ada@example.com' })).text();
    for (const name of ['name', 'street', 'city', 'postcode']) expect(page).toContain(`id="${name}-problem"`);
    expect(page).not.toContain('id="email-problem"');
  });

  it('tracks the order once, with nested items and nothing personal, and empties the cart', async () => {
    const shop = visitor();
    await shop.post('/cart/add', { productId: 'TEA-TIDE-100', quantity: '3' });
    const answer = await shop.post('/checkout', address);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/thank-you']);
    const page = await shop.page('/thank-you');
    expect(calls(page)).toEqual([
      [
        'track',
        'orderPlaced',
        {
          orderNumber: expect.stringMatching(/^SM-\d{4}-\d{4}$/),
          total: 65.6,
          currency: 'EUR',
          items: {
            array: [
              {
                productId: 'TEA-TIDE-100',
                name: 'Morning Tide sencha, 100 g',
                price: 19.9,
                quantity: 3,
                url: 'http://localhost/product/morning-tide-sencha?size=100+g',
                imageUrl: 'http://localhost/img/TEA-TIDE-100.svg',
              },
            ],
          },
        },
      ],
    ]);
    expect(json(page, 'data-shoptrail-cart')).toEqual([]);
    expect(page).not.toContain('ada@example.com');
    const again = await shop.page('/thank-you');
    expect(again).toContain('Thank you');
    expect(calls(again)).toEqual([]);
  });
});

describe('forms from elsewhere', () => {
  const fields = { productId: 'SALT-PIG' };
  it.each([
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
    [{ 'sec-fetch-site': 'none' }],
    [{ 'sec-fetch-site': '', origin: 'http://localhost' }],
  ])('%o are refused', async headers => {
    const shop = visitor();
    expect((await shop.post('/cart/add', fields, headers)).status).toBe(403);
    expect(json(await shop.page('/'), 'data-shoptrail-cart')).toEqual([]);
  });

  it.each([
    ['http://evil.example', 403],
    ['null', 403],
    ['http://localhost', 303],
  ])('without Sec-Fetch-Site the origin %s gives %i', async (origin, status) => {
    const body = new URLSearchParams(fields);
    const answer = await visitor().request('/cart/add', { method: 'POST', body, headers: { origin } });
    expect(answer.status).toBe(status);
  });

  it('without either are refused', async () => {
    const answer = await visitor().request('/cart/add', {
      method: 'POST',
      body: new URLSearchParams(fields),
    });
    expect(answer.status).toBe(403);
  });
});
