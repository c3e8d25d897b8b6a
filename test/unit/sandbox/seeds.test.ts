/** The examples of the platform's own documents must pass once the slips in their JSON are corrected. */
import { describe, expect, it } from 'vitest';
import { sandbox } from './support';

const who = [
  { name: 'phone', value: '380501234567' },
  { name: 'email', value: 'example@email.com' },
];

/** Seed 000. Slip in all of them: the JSON text inside a string value stands there without its backslashes. */
const SITE = [
  {
    eventTypeKey: 'pageViewed',
    keyValue: 'example@email.com',
    params: [...who, { name: 'page', value: '{"location":"https://example.com"}' }],
  },
  {
    // Slip: the product's text ends with a stray `]}`.
    eventTypeKey: 'productViewed',
    keyValue: 'example@email.com',
    params: [
      { name: 'phone', value: '411786452' },
      who[1],
      {
        name: 'product',
        value: '{"productId":"WS01-L-Green","price":45.5,"isInStock":1,"someProductProperty":["green"]}',
      },
      { name: 'currencyCode', value: 'USD' },
    ],
  },
  {
    eventTypeKey: 'productCategoryViewed',
    keyValue: 'example@email.com',
    params: [
      { name: 'phone', value: '7411324763' },
      who[1],
      { name: 'category', value: '{"productCategoryId":"Mugs"}' },
    ],
  },
  {
    eventTypeKey: 'cartUpdated',
    keyValue: 'example@email.com',
    params: [
      { name: 'phone', value: '73456712' },
      who[1],
      { name: 'products', value: '[{"productId":"WS01-L-Green","quantity":1,"price":45.5}]' },
      { name: 'currencyCode', value: 'USD' },
      { name: 'recycleStateId', value: 'd59c6e6d-4123-4b0e-8c32-15f0656a8c60' },
    ],
  },
  {
    // Slips: comments, placeholders for values, a comma missing after a name.
    eventTypeKey: 'productImpressions',
    keyValue: '380501234567',
    params: [
      who[0],
      { name: 'recomVariantId', value: 'r12v34' },
      { name: 'products', value: '[{"productId":"1"},{"productId":"2"}]' },
    ],
  },
  {
    // Slips: comments, placeholders, a comma missing between two params.
    eventTypeKey: 'productAddedToWishlist',
    keyValue: '380501234567',
    params: [
      who[0],
      {
        name: 'product',
        value: '{"productId":"1","price":45.5,"isInStock":1,"someProductProperty":["green"]}',
      },
      { name: 'currencyCode', value: 'USD' },
    ],
  },
  {
    // Slips: comments, placeholders.
    eventTypeKey: 'searchRequest',
    keyValue: '380501234567',
    params: [who[0], { name: 'search', value: 'mug' }, { name: 'isFound', value: 0 }],
  },
];

const order = (product: string, occurred: string) => ({
  eventTypeKey: 'orderCreated',
  keyValue: 'buyer.contact@email.com',
  params: [
    { name: 'product_name', value: product },
    { name: 'image_url', value: 'https://example.com/iphone11.png' },
    { name: 'product_url', value: 'https://example.com/iphone11' },
    { name: 'cost', value: '999' },
  ],
  occurred,
});

/** Seeds 002 and 003. */
const CUSTOM = [
  {
    eventTypeKey: 'orderCreated',
    keyValue: 'buyer.contact@email.com',
    params: [
      { name: 'email', value: 'buyer.contact@email.com' },
      { name: 'product_name', value: 'Apple iPhone 11 256Gb Black' },
      { name: 'cost', value: '999' },
    ],
  },
  {
    eventTypeKey: 'abandoned_cart',
    keyValue: 'site@com.net',
    params: [
      { name: 'email', value: 'site@ukr.net' },
      {
        name: 'items',
        value: {
          array: [
            { name: 'Hair styler', price: '341', brand: 'Le Petit Olivier', tags_weight: '200' },
            { name: 'Magnolia Nobile Парфумована вода', price: '2341', brand: 'Acqua Di Parma' },
          ],
        },
      },
    ],
  },
  {
    eventTypeKey: 'create_contact',
    keyValue: 'site@com.net',
    params: [
      { name: 'email', value: 'site@ukr.net' },
      { name: 'phone', value: '380501234567' },
      { name: 'externalCustomerId', value: 'AV13760' },
      { name: 'json', value: { profileInputs: [{ profileInputId: 10001, value: '2020-11-23' }] } },
    ],
  },
  {
    eventTypeKey: 'password_recovery',
    keyValue: 'site@com.net',
    params: [
      { name: 'EmailAddress', value: 'site@ukr.net' },
      { name: 'password', value: '12345678' },
    ],
  },
];

describe('the examples of the seeds', () => {
  it.each([...SITE, ...CUSTOM])('$eventTypeKey passes and is stored as it was sent', async body => {
    for (const locators of ['lenient', 'strict'] as const) {
      const { send, events } = sandbox({ locators });
      expect(await send(body)).toEqual({ status: 200, text: '' });
      expect(await events()).toMatchObject([{ n: 1, body, params: body.params, keyValue: body.keyValue }]);
    }
  });

  it('the two orders of seed 002 pass as past events once the contact exists', async () => {
    const { api, send, events } = sandbox();
    const body = {
      events: [
        order('Apple iPhone 11 256Gb Black', '2020-06-04T13:43'),
        order('Apple iPhone Xs Max 256Gb Space Gray', '2019-05-04T14:17'),
      ],
    };
    expect((await api('/v1/past_events', body)).status).toBe(400);
    await send(CUSTOM[0]);
    expect((await api('/v1/past_events', body)).status).toBe(200);
    expect((await events()).slice(1)).toMatchObject([
      { occurred: '2020-06-04T13:43', contactId: 1001 },
      { occurred: '2019-05-04T14:17', contactId: 1001 },
    ]);
  });

  it('the subscription of seed 001 passes', async () => {
    const { api, contacts, events } = sandbox();
    const answer = await api('/v1/contact/subscribe', {
      contact: {
        channels: [
          { type: 'email', value: 'mail@example.com' },
          { type: 'sms', value: '380942583691' },
        ],
        firstName: 'John',
        lastName: 'Smith',
        address: { town: 'London', region: 'West', address: 'First str. 1', postcode: '12345' },
        fields: [{ id: '12345', value: '...' }],
      },
      groups: ['Subscribers'],
      formType: 'abc',
    });
    expect(await answer.json()).toEqual({ id: 1001 });
    expect(await contacts()).toMatchObject([
      {
        id: 1001,
        email: 'mail@example.com',
        phone: '380942583691',
        firstName: 'John',
        confirmed: false,
        groups: ['Subscribers'],
      },
    ]);
    expect((await events())[0].body).toEqual({
      eventTypeKey: 'subscribeFromApi-abc',
      keyValue: '1001',
      params: [
        { name: 'ContactId', value: 1001 },
        { name: 'EmailAddress', value: 'mail@example.com' },
      ],
    });
  });
});
