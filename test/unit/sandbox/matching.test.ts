import { describe, expect, it } from 'vitest';
import { anonymous, COOKIE, event, sandbox } from './support';

const OTHER_COOKIE = '11111111-2222-4333-8444-555555555555';

/** Sends events one after the other and says to which contact each came, and by what. */
async function matches(bodies: object[], room = sandbox()) {
  for (const body of bodies) expect((await room.send(body)).status).toBe(200);
  const stored: { contactId: number | null; matchedBy: string | null }[] = await room.events();
  return stored.map(({ contactId, matchedBy }) => [contactId, matchedBy]);
}

/** What each contact owns. */
const owned = async (room: ReturnType<typeof sandbox>, what: 'pushTokens' | 'devices') =>
  Object.fromEntries((await room.contacts()).map((each: Record<string, never>) => [each.id, each[what]]));

describe('contacts of events', () => {
  it('are found by externalCustomerId, then email without case, then phone however it is written', async () => {
    expect(
      await matches([
        event({ externalCustomerId: 'A', email: 'ann@example.com', phone: '+1 541 754-3010' }),
        event({ externalCustomerId: 'A' }),
        event({ email: 'ANN@Example.com' }),
        event({ phone: '15417543010' }),
        event({ externalCustomerId: 'a' }),
      ]),
    ).toEqual([
      [1001, 'externalCustomerId'],
      [1001, 'externalCustomerId'],
      [1001, 'email'],
      [1001, 'phone'],
      [1002, 'externalCustomerId'],
    ]);
  });

  it('learn an identifier that they did not have and that nobody else has', async () => {
    const room = sandbox();
    await matches(
      [
        event({ email: 'ann@example.com' }),
        event({ email: 'ann@example.com', externalCustomerId: 'A', phone: '380501234567' }),
      ],
      room,
    );
    expect(await room.contacts()).toMatchObject([
      { externalCustomerId: 'A', email: 'ann@example.com', phone: '380501234567' },
    ]);
  });

  it('are not merged, and do not take identifiers from each other', async () => {
    const room = sandbox();
    await matches(
      [
        event({ externalCustomerId: 'A', email: 'ann@example.com' }),
        event({ externalCustomerId: 'B', phone: '380501234567' }),
        event({ externalCustomerId: 'A', phone: '380501234567' }),
      ],
      room,
    );
    expect((await room.events())[2].contactId).toBe(1001);
    expect(await room.contacts()).toMatchObject(
      [
        { id: 1002, externalCustomerId: 'B', phone: '380501234567' },
        { id: 1001, externalCustomerId: 'A', phone: null },
      ].sort((a, b) => b.id - a.id),
    );
  });

  it('are not found by a weaker locator when a stronger one says that it is somebody else', async () => {
    expect(
      await matches([
        event({ externalCustomerId: 'A', email: 'family@example.com', phone: '380501234567' }),
        event({ externalCustomerId: 'B', email: 'family@example.com' }),
        event({ email: 'ben@example.com', phone: '380501234567' }),
      ]),
    ).toEqual([
      [1001, 'externalCustomerId'],
      [1002, 'externalCustomerId'],
      [1003, 'email'],
    ]);
  });

  it('are found by contactId, which never makes one', async () => {
    expect(
      await matches([
        event({ contactId: 4711 }),
        event({ email: 'ann@example.com' }),
        event({ ContactId: 1001, externalCustomerId: 'A' }),
        event({ contactId: '1001' }),
      ]),
    ).toEqual([
      [null, null],
      [1001, 'email'],
      [1001, 'contactId'],
      [1001, 'contactId'],
    ]);
  });

  it('own a push token until it is seen with another contact', async () => {
    const room = sandbox();
    expect(
      await matches(
        [
          event({ email: 'ann@example.com', pushToken: 'T' }),
          event({ pushToken: 'T' }),
          event({ email: 'ben@example.com', pushToken: 'T' }),
          event({ pushToken: 'T' }),
        ],
        room,
      ),
    ).toEqual([
      [1001, 'email'],
      [1001, 'pushToken'],
      [1002, 'email'],
      [1002, 'pushToken'],
    ]);
    expect(await owned(room, 'pushTokens')).toEqual({ 1001: [], 1002: ['T'] });
  });

  it('are not found by the push token of a device that has changed hands', async () => {
    const room = sandbox();
    expect(
      await matches(
        [
          event({ email: 'ann@example.com', pushToken: 'T' }),
          event({ externalCustomerId: 'B', pushToken: 'T' }),
          event({ phone: '380501234567', pushToken: 'T' }),
          event({ pushToken: 'T' }),
        ],
        room,
      ),
    ).toEqual([
      [1001, 'email'],
      [1002, 'externalCustomerId'],
      [1003, 'phone'],
      [1003, 'pushToken'],
    ]);
    expect(await owned(room, 'pushTokens')).toEqual({ 1001: [], 1002: [], 1003: ['T'] });
    expect((await room.timeline(1001)).map((row: { how: string }) => row.how)).toEqual(['by email']);
  });

  it('can have several push tokens and devices, each of which is one contact’s, and moves', async () => {
    const room = sandbox();
    const both = (who: object, one: string) => event({ ...who, pushToken: `T${one}`, deviceId: `D${one}` });
    const ann = { externalCustomerId: 'A' };
    const ben = { externalCustomerId: 'B' };
    await matches([both(ann, '1'), both(ann, '2'), both(ben, '3')], room);
    expect(await owned(room, 'pushTokens')).toEqual({ 1001: ['T1', 'T2'], 1002: ['T3'] });
    expect(await owned(room, 'devices')).toEqual({ 1001: ['D1', 'D2'], 1002: ['D3'] });
    await matches([both(ben, '2'), event({ DeviceID: 'D1' }, 'B'), event({ ...ann, deviceId: ' ' })], room);
    expect(await owned(room, 'pushTokens')).toEqual({ 1001: ['T1'], 1002: ['T3', 'T2'] });
    expect(await owned(room, 'devices')).toEqual({ 1001: [], 1002: ['D3', 'D2', 'D1'] });
    // What she did with them stays hers.
    expect((await room.timeline(1001)).map((row: { n: number }) => row.n).sort()).toEqual([1, 2, 6]);
  });

  it('are not found by a device, and not made of one', async () => {
    const room = sandbox();
    await room.send(event({ email: 'ann@example.com', deviceId: 'D' }));
    expect((await room.send(event({ deviceId: 'D' }))).status).toBe(400);
    expect((await matches([event({ deviceId: 'D' }, 'order 17'), anonymous()], room)).slice(1)).toEqual([
      [null, null],
      [null, null],
    ]);
    expect(await owned(room, 'devices')).toEqual({ 1001: ['D'] });
  });

  it.each([
    ['for the first time', []],
    ['when they are known from elsewhere', [event({ externalCustomerId: 'A', email: 'ann@example.com' })]],
  ])('are one profile with the anonymous user of an app who signs in %s', async (_, before) => {
    const room = sandbox();
    const inApp = event({ pushToken: 'T', deviceId: 'D' });
    await matches([...before, inApp, inApp, event({ externalCustomerId: 'A', pushToken: 'T' })], room);
    const [ann, ...others] = await room.contacts();
    expect(others).toEqual([]);
    expect(ann).toMatchObject({ externalCustomerId: 'A', pushTokens: ['T'], devices: ['D'] });
    const hows = (await room.timeline(ann.id)).map((row: { how: string }) => row.how);
    expect(hows).toHaveLength(before.length + 3);
    expect(hows.slice(1, 3)).toEqual(['by pushToken', 'by pushToken']);
  });

  it('are found by a key alone, which never makes one', async () => {
    expect(
      await matches([
        event({}, 'ann@example.com'),
        event({ email: 'ann@example.com' }),
        event({}, 'ANN@example.com'),
        event({}, 'order 17'),
      ]),
    ).toEqual([
      [null, null],
      [1001, 'email'],
      [1001, 'keyValue'],
      [null, null],
    ]);
  });

  it('are those of the params, not of a differing key', async () => {
    const room = sandbox();
    await room.send(event({ email: 'site@ukr.net' }, 'site@com.net'));
    expect(await room.contacts()).toMatchObject([{ email: 'site@ukr.net' }]);
  });

  it('are not made of a locator that no contact could have', async () => {
    const room = sandbox();
    expect(await matches([event({ email: 'not an address', phone: 'call me' })], room)).toEqual([
      [null, null],
    ]);
    expect(await room.contacts()).toEqual([]);
  });
});

describe('anonymous events', () => {
  const signIn = (email: string, cookie = COOKIE) => event({ email, shoptrailAnonymousId: cookie }, email);
  const how = (timeline: { n: number; how: string }[]) => timeline.map(row => [row.n, row.how]).sort();

  it('belong to no contact, and join the one whose events carried the same cookie id', async () => {
    const room = sandbox();
    for (const body of [
      anonymous(),
      anonymous(),
      signIn('ann@example.com'),
      anonymous(),
      anonymous(OTHER_COOKIE),
    ]) {
      await room.send(body);
    }
    const stored = await room.events();
    expect(stored.map((row: { contactId: number | null }) => row.contactId)).toEqual([
      null,
      null,
      1001,
      null,
      null,
    ]);
    expect(how(await room.timeline(1001))).toEqual([
      [1, 'joined by cookie id'],
      [2, 'joined by cookie id'],
      [3, 'by email'],
      [4, 'joined by cookie id'],
    ]);
  });

  it('join nobody as soon as two contacts carried the cookie id', async () => {
    const room = sandbox();
    for (const body of [anonymous(), signIn('ann@example.com'), signIn('ben@example.com'), anonymous()]) {
      await room.send(body);
    }
    expect(how(await room.timeline(1001))).toEqual([[2, 'by email']]);
    expect(how(await room.timeline(1002))).toEqual([[3, 'by email']]);
  });

  it('are only those whose key is their own cookie id', async () => {
    const room = sandbox();
    await room.send(event({ shoptrailAnonymousId: COOKIE }, OTHER_COOKIE));
    await room.send(event({ shoptrailAnonymousId: 'cookie' }, 'cookie'));
    await room.send(event({ email: 'ann@example.com', shoptrailAnonymousId: COOKIE }, COOKIE));
    expect(how(await room.timeline(1001))).toEqual([[3, 'by email']]);
  });
});

describe('the list of stored events', () => {
  it('shows repeats, filters by type and number, and can be cleared', async () => {
    const { app, send, events, contacts, json } = sandbox();
    const body = event({ email: 'ann@example.com', shoptrailEventId: 'one' });
    await send(body);
    await send({ ...body, eventTypeKey: 'other' });
    await send(body);
    expect((await events()).map((row: { n: number; copy: number }) => [row.n, row.copy])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect(await json('/sandbox/events?type=other')).toHaveLength(1);
    expect((await json('/sandbox/events?since=1&type=custom')).map((row: { n: number }) => row.n)).toEqual([
      3,
    ]);
    expect((await app.request('/sandbox/events?since=x')).status).toBe(400);
    expect(await json('/sandbox/requests')).toEqual({ 200: 3 });

    expect((await app.request('/sandbox/events', { method: 'DELETE' })).status).toBe(204);
    expect([await events(), await contacts(), await json('/sandbox/requests')]).toEqual([[], [], {}]);
    await send(body);
    expect(await events()).toMatchObject([{ n: 1, contactId: 1001 }]);
  });

  it('is not for pages of other sites', async () => {
    const { app } = sandbox();
    const headers = { 'sec-fetch-site': 'cross-site' };
    expect((await app.request('/sandbox/events', { method: 'DELETE', headers })).status).toBe(403);
  });
});

describe('the timeline', () => {
  it('says of each event how it came to the contact', async () => {
    const room = sandbox();
    const ann = {
      externalCustomerId: 'A',
      email: 'ann@example.com',
      phone: '380501234567',
      pushToken: 'T',
    };
    await room.send(event({ ...ann, shoptrailAnonymousId: COOKIE }));
    for (const [name, value] of Object.entries(ann).reverse()) await room.send(event({ [name]: value }));
    await room.send(event({ contactId: 1001 }));
    await room.send(event({}, 'A'));
    await room.send(anonymous());
    const rows: { n: number; how: string }[] = await room.timeline(1001);
    expect(rows.sort((a, b) => a.n - b.n).map(row => row.how)).toEqual([
      'by externalCustomerId',
      'by pushToken',
      'by phone',
      'by email',
      'by externalCustomerId',
      'by contactId',
      'by keyValue',
      'joined by cookie id',
    ]);
  });
});
