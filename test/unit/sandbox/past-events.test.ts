import { describe, expect, it } from 'vitest';
import { event, NOON, sandbox } from './support';

const past = (occurred: unknown, key = 'ann@example.com') => ({ ...event({}, key), occurred });

async function withAnn(options = {}) {
  const room = sandbox(options);
  await room.send(event({ email: 'ann@example.com', externalCustomerId: 'A' }));
  const send = async (events: unknown[]) => {
    const answer = await room.api('/v1/past_events', { events });
    return { status: answer.status, text: await answer.text() };
  };
  return { ...room, send };
}

describe('past events', () => {
  it('are stored with their own time, in the time zone of the account', async () => {
    const { send, timeline, json } = await withAnn({ timeZone: 'Europe/Kyiv' });
    expect(await send([past('2025-01-31'), past('2025-07-31T13:05')])).toEqual({ status: 200, text: '' });
    expect(
      (await timeline(1001)).map((row: { at: number; how: string }) => [
        new Date(row.at).toISOString(),
        row.how,
      ]),
    ).toEqual([
      [new Date(NOON).toISOString(), 'by externalCustomerId'],
      ['2025-07-31T10:05:00.000Z', 'by keyValue'],
      ['2025-01-30T22:00:00.000Z', 'by keyValue'],
    ]);
    expect((await json('/sandbox/events'))[1]).toMatchObject({
      occurred: '2025-01-31T00:00',
      receivedAt: NOON,
    });
  });

  it('are taken all or not at all, and the first bad one is named', async () => {
    const { send, events } = await withAnn();
    const { status, text } = await send([past('2025-01-31'), past('2025-01-32'), past('x')]);
    expect(status).toBe(400);
    expect(text).toContain('events[1]');
    expect(await events()).toHaveLength(1);
  });

  it.each([
    undefined,
    20250131,
    '2025-1-31',
    '2025-02-30',
    '2025-01-31T24:00',
    '2025-01-31T10:61',
    '2025-01-31T10:00:00',
    '2025-01-31 10:00',
    '2025-01-31Z',
  ])('do not occur at %j', async occurred => {
    const { send } = await withAnn();
    expect(await send([past(occurred)])).toEqual({ status: 400, text: expect.stringContaining('occurred') });
  });

  it('need an existing contact, and make none', async () => {
    const { send, contacts } = await withAnn();
    const unknown = { ...event({ email: 'ben@example.com' }, 'ann@example.com'), occurred: '2025-01-31' };
    expect(await send([unknown])).toEqual({ status: 400, text: expect.stringContaining('events[0]') });
    expect((await send([past('2025-01-31', 'nobody')])).status).toBe(400);
    expect((await send([{ ...event({ email: 'Ann@example.com' }), occurred: '2025-01-31' }])).status).toBe(
      200,
    );
    expect(await contacts()).toHaveLength(1);
  });

  it('are at most 500 in a request, each of at most 20,000 bytes', async () => {
    const { send } = await withAnn();
    expect((await send([])).status).toBe(400);
    expect((await send(Array(500).fill(past('2025-01-31')))).status).toBe(200);
    expect(await send(Array(501).fill(past('2025-01-31')))).toEqual({
      status: 400,
      text: expect.stringContaining('500'),
    });
    const large = { ...event({ text: 'a'.repeat(20_000) }, 'ann@example.com'), occurred: '2025-01-31' };
    expect(await send([past('2025-01-31'), large])).toEqual({
      status: 400,
      text: expect.stringContaining('events[1]'),
    });
  });

  it('cannot be deleted unless that was activated', async () => {
    const { api } = await withAnn();
    expect((await api('/v1/past_events', { from: '2025-01-01', to: '2025-02-01' }, 'DELETE')).status).toBe(
      403,
    );
  });

  it('are deleted by when they occurred, both ends included, and other events stay', async () => {
    const { api, send, events } = await withAnn({ pastDelete: true });
    await send(
      ['2025-01-01T10:46', '2025-01-01T10:47', '2025-02-03T13:33', '2025-02-03T13:34'].map(at => past(at)),
    );
    const remove = async (body: object) => (await api('/v1/past_events', body, 'DELETE')).status;
    expect(await remove({ from: '2025-01-01' })).toBe(400);
    expect(await remove({ from: '2025-02-03', to: '2025-01-01' })).toBe(400);
    expect(await remove({ from: '2025-01-01T10:47', to: '2025-02-03T13:33' })).toBe(200);
    expect((await events()).map((row: { occurred?: string }) => row.occurred)).toEqual([
      undefined,
      '2025-01-01T10:46',
      '2025-02-03T13:34',
    ]);
  });
});
