import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Outbox } from '../../../src/relay/core/outbox';
import { authorization, createPlatform } from '../../../src/relay/core/platform';
import { createRelay, type Relay } from '../../../src/relay/core/relay';
import { openSqliteOutbox } from '../../../src/relay/hosts/sqlite-outbox';
import { createSandbox } from '../../../src/sandbox/app';
import { openStore } from '../../../src/sandbox/store';
import { knownEventOf, visitorA } from './support/events';

const hour = 3_600_000;

let outbox: Outbox;
let sandbox: ReturnType<typeof createSandbox>;
let relay: Relay;
let ahead: number;
/** The platform's resources that were asked, with their answers. */
let asked: string[];

const now = () => Date.now() + ahead;

beforeEach(async () => {
  ahead = 0;
  asked = [];
  outbox = openSqliteOutbox(':memory:');
  sandbox = createSandbox({ store: openStore(), clock: now, timeZone: 'America/New_York', pastDelete: true });
  relay = createRelay({
    outbox,
    platform: createPlatform({
      url: 'http://sandbox/api',
      authorization: authorization({ apiKey: 'sandbox-key' }),
      fetch: async (url, init) => {
        const answer = await sandbox.app.request(`${url}`, init);
        asked.push(`${init!.method} ${new URL(`${url}`).pathname} ${answer.status}`);
        return answer;
      },
    }),
    now,
    timeZone: 'America/New_York',
    subscribe: {},
    operatorToken: 'a-token-for-operators',
    forwarding: { rate: { start: 1_000, max: 1_000 } },
  });
  await relay.start();
});
afterEach(async () => {
  await relay.stop(1_000);
  sandbox.end();
  await outbox.close();
});

const post = async (path: string, body: unknown) => {
  const headers = { 'content-type': 'application/json', authorization: 'Bearer a-token-for-operators' };
  const answer = await relay.fetch(
    new Request(`http://relay.example${path}`, { method: 'POST', headers, body: JSON.stringify(body) }),
  );
  return { status: answer.status, body: await answer.json() };
};
const json = async (path: string) => (await sandbox.app.request(path)).json();
const forwarded = (count: number) =>
  vi.waitFor(async () => expect(await outbox.list('forwarded', 999)).toHaveLength(count), 5_000);
/** Lets time pass, and has the relay look again: any event that arrives wakes it. */
const pass = async (ms: number) => {
  ahead += ms;
  const id = randomUUID();
  await post('/x/v2/event', {
    events: [{ id, at: now(), event: knownEventOf(id, 'other', 'ben@example.com') }],
  });
};

describe('a relay and the sandbox', () => {
  it('deliver a held trail of three days: each event once, at its minute, in order, to the person', async () => {
    const ids = Array.from({ length: 60 }, () => randomUUID());
    const begun = now() - 72 * hour;
    const at = ids.map((_, index) => begun + index * 1.2 * hour);
    const events = ids.map((id, index) => ({
      id,
      at: at[index],
      held: true,
      event: knownEventOf(id, visitorA),
    }));
    await post('/x/v2/event', { events, sentAt: now() });
    const id = randomUUID();
    // The contact is not known to the platform before an event of today makes it.
    await pass(11 * 60_000);
    await vi.waitFor(() => expect(asked).toContain('POST /api/v1/past_events 400'));
    await post('/x/v2/event', { events: [{ id, at: now(), held: true, event: knownEventOf(id, visitorA) }] });
    await vi.waitFor(() => expect(asked.filter(one => one === 'POST /api/v2/event 200')).toHaveLength(2));
    await pass(15 * 60_000);
    await forwarded(63);

    const contacts: { id: number; email: string }[] = await json('/sandbox/contacts');
    const ann = contacts.find(contact => contact.email === 'ann@example.com')!;
    const timeline: { at: number; via: string; copy: number; how: string; body: { params: unknown[] } }[] =
      await json(`/sandbox/contacts/${ann.id}/timeline`);
    const past = timeline.filter(one => one.via === 'past_events').reverse();
    expect(past.map(one => one.at)).toEqual(at.map(moment => Math.floor(moment / 60_000) * 60_000));
    expect(past.map(one => (one.body.params[1] as { value: string }).value)).toEqual(ids);
    expect(new Set(timeline.map(one => one.copy))).toEqual(new Set([1]));
    expect(new Set(timeline.map(one => one.how))).toEqual(new Set(['by email']));
    expect(timeline).toHaveLength(61);
  });

  it('delete history', async () => {
    const range = { from: '2019-06-04T10:47', to: '2020-01-04' };
    expect(await post('/operator/past-events/delete', range)).toMatchObject({
      status: 200,
      body: { deleted: true },
    });
    expect(
      await post('/operator/past-events/delete', { from: '2021-01-01', to: '2020-01-01' }),
    ).toMatchObject({ status: 502, body: { answer: expect.stringContaining('from is later than to') } });
  });

  it('subscribe a new contact and a known one', async () => {
    const form = (firstName: string) => ({
      contact: { firstName, channels: [{ type: 'email', value: 'Ann@Example.com' }] },
      groups: ['News'],
      formType: 'footer',
    });
    expect((await post('/x/v1/contact/subscribe', form('Ann'))).status).toBe(202);
    await forwarded(1);
    await post('/x/v1/contact/subscribe', form('Anna'));
    await forwarded(2);
    expect(await json('/sandbox/contacts')).toMatchObject([
      { email: 'ann@example.com', firstName: 'Anna', groups: ['News'], confirmed: false },
    ]);
    expect((await json('/sandbox/events')).map((one: { eventTypeKey: string }) => one.eventTypeKey)).toEqual([
      'subscribeFromApi-footer',
      'subscribeUpdateFromApi-footer',
    ]);
  });
});
