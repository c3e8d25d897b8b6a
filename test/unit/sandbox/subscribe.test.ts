import { describe, expect, it } from 'vitest';
import { event, sandbox } from './support';

const email = (value: string) => ({ type: 'email', value });
const sms = (value: string) => ({ type: 'sms', value });

describe('subscribe', () => {
  it('makes an unconfirmed contact, then updates it and says so in the event', async () => {
    const { api, events, contacts } = sandbox();
    const subscribe = async (body: object) => (await api('/v1/contact/subscribe', body)).json();
    const first = await subscribe({ contact: { channels: [email('Ann@Example.com')] }, groups: ['News'] });
    const second = await subscribe({
      contact: { channels: [email('ann@example.com')], firstName: 'Ann' },
      groups: ['Sale', 'News'],
      formType: 'footer',
    });
    expect([first, second]).toEqual([{ id: 1001 }, { id: 1001 }]);
    expect(await contacts()).toMatchObject([
      {
        email: 'ann@example.com',
        firstName: 'Ann',
        groups: ['News', 'Sale'],
        confirmed: false,
        source: 'subscribe',
      },
    ]);
    expect((await events()).map((row: { body: unknown }) => row.body)).toEqual([
      {
        eventTypeKey: 'subscribeFromApi',
        keyValue: '1001',
        params: [
          { name: 'ContactId', value: 1001 },
          { name: 'EmailAddress', value: 'Ann@Example.com' },
        ],
      },
      {
        eventTypeKey: 'subscribeUpdateFromApi-footer',
        keyValue: '1001',
        params: [
          { name: 'ContactId', value: 1001 },
          { name: 'EmailAddress', value: 'ann@example.com' },
        ],
      },
    ]);
  });

  it('leaves EmailAddress out when only a phone is passed', async () => {
    const { api, events } = sandbox();
    await api('/v1/contact/subscribe', { contact: { channels: [sms('+380 94 258 3691')] } });
    expect((await events())[0].params).toEqual([{ name: 'ContactId', value: 1001 }]);
  });

  it('updates a contact that an event made, and does not unconfirm it', async () => {
    const { api, send, contacts } = sandbox();
    await send(event({ phone: '380942583691' }));
    await api('/v1/contact/subscribe', {
      contact: { channels: [email('ann@example.com'), sms('380942583691')] },
    });
    expect(await contacts()).toMatchObject([
      { id: 1001, email: 'ann@example.com', phone: '380942583691', confirmed: true },
    ]);
  });

  it('finds by externalCustomerId first, and leaves to another contact what is its own', async () => {
    const { api, send, contacts } = sandbox();
    await send(event({ externalCustomerId: 'A' }));
    await send(event({ email: 'ben@example.com' }));
    const answer = await api('/v1/contact/subscribe', {
      contact: { externalCustomerId: 'A', channels: [email('ben@example.com'), sms('380942583691')] },
    });
    expect(await answer.json()).toEqual({ id: 1001 });
    const all = await contacts();
    expect(all.find((contact: { id: number }) => contact.id === 1001)).toMatchObject({
      email: null,
      phone: '380942583691',
    });
    expect(all.find((contact: { id: number }) => contact.id === 1002)).toMatchObject({
      email: 'ben@example.com',
    });
  });

  it.each([
    [{}, 'contact'],
    [{ contact: {} }, 'channel'],
    [{ contact: { channels: [{ type: 'fax', value: '1' }] } }, 'channels[0].type'],
    [{ contact: { channels: [email('ann')] } }, 'channels[0].value'],
    [{ contact: { channels: [email('a@example.com'), sms('050')] } }, 'channels[1].value'],
    [{ contact: { channels: [email('a@example.com')], firstName: 'a'.repeat(61) } }, 'firstName'],
    [{ contact: { channels: [email('a@example.com')], fields: [{ id: 'x' }] } }, 'fields'],
    [{ contact: { channels: [email('a@example.com')] }, groups: 'News' }, 'groups'],
    [{ contact: { channels: [email('a@example.com')] }, formType: 'a/b' }, 'formType'],
  ])('refuses %j', async (body, named) => {
    const { api, events, contacts } = sandbox();
    const answer = await api('/v1/contact/subscribe', body);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(named);
    expect([await events(), await contacts()]).toEqual([[], []]);
  });

  it('is not for a token that may only send events', async () => {
    const { api } = sandbox();
    const body = { contact: { channels: [email('a@example.com')] } };
    expect((await api('/v1/contact/subscribe', body, 'POST', 'Bearer sandbox-token')).status).toBe(403);
  });
});
