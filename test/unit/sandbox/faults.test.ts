/** Faults need a real server: a socket that is cut is not something a fetch handler can show. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox } from '../../../src/sandbox/app';
import { type Listening, listen } from '../../../src/sandbox/listen';
import { openStore } from '../../../src/sandbox/store';
import { AUTH, event } from './support';

let server: Listening;
const store = openStore();

beforeEach(async () => {
  store.clear();
  server = await listen(createSandbox({ store }), 0, '127.0.0.1');
});
afterEach(() => server.close());

const order = (...faults: object[]) =>
  fetch(`${server.url}/sandbox/faults`, { method: 'POST', body: JSON.stringify({ faults }) });
const send = () =>
  fetch(`${server.url}/api/v2/event`, {
    method: 'POST',
    headers: { authorization: AUTH },
    body: JSON.stringify(event({ email: 'ann@example.com' })),
  });
const json = async (path: string) => (await fetch(server.url + path)).json();
const stored = async () => (await json('/sandbox/events')).length;

describe('faults', () => {
  it('are taken in order, as often as they were ordered, by API requests only', async () => {
    await order(
      { kind: 'status', status: 429, retryAfter: 3, times: 2 },
      { kind: 'status', status: 500, body: 'Oh' },
    );
    await json('/healthz');
    const answers = [await send(), await send(), await send(), await send()];
    expect(answers.map(answer => answer.status)).toEqual([429, 429, 500, 200]);
    expect(answers[0]!.headers.get('retry-after')).toBe('3');
    expect(await answers[2]!.text()).toBe('Oh');
    expect(await stored()).toBe(1);
    expect(await json('/sandbox/requests')).toEqual({ 200: 1, 429: 2, 500: 1 });
  });

  it('answer 401 with JSON as the platform does', async () => {
    await order({ kind: 'status', status: 401 });
    expect(await (await send()).json()).toMatchObject({ status: 401 });
  });

  it('drop: the connection is cut and nothing is stored', async () => {
    await order({ kind: 'drop' });
    await expect(send()).rejects.toThrow();
    expect(await stored()).toBe(0);
    expect((await send()).status).toBe(200);
    expect(await json('/sandbox/requests')).toEqual({ 200: 1, dropped: 1 });
  });

  it('drop-after: the event is stored and the connection is cut', async () => {
    await order({ kind: 'drop-after' });
    await expect(send()).rejects.toThrow();
    expect(await stored()).toBe(1);
  });

  it('truncate: the event is stored, and the answer begins but never ends', async () => {
    await order({ kind: 'truncate' });
    const answer = await send();
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
    expect(await stored()).toBe(1);
  });

  it('slow: the answer takes its time, and is then as always', async () => {
    await order({ kind: 'slow', ms: 120 });
    const start = performance.now();
    expect((await send()).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThanOrEqual(115);
    expect(await stored()).toBe(1);
  });

  it('can be taken back', async () => {
    await order({ kind: 'drop', times: 5 });
    expect(await json('/sandbox/faults')).toEqual({ faults: [{ kind: 'drop', times: 5 }] });
    await fetch(`${server.url}/sandbox/faults`, { method: 'DELETE' });
    expect((await send()).status).toBe(200);
  });

  it.each([
    [{ kind: 'melt' }, 'faults[0] .kind'],
    [{ kind: 'status' }, 'faults[0] .status'],
    [{ kind: 'slow' }, 'faults[0] .ms'],
    [{ kind: 'drop', times: 0 }, 'faults[0] .times'],
  ])('that nobody can produce are refused: %j', async (fault, named) => {
    const answer = await order(fault);
    expect(answer.status).toBe(400);
    expect((await answer.json()).error).toContain(named);
  });
});

describe('listening', () => {
  it('goes to another port when the wanted one is taken', async () => {
    const other = await listen(createSandbox({ store: openStore() }), server.port, '127.0.0.1');
    expect(other.moved).toBe(true);
    expect(other.port).not.toBe(server.port);
    await other.close();
  });

  it('closes although a history page is open', async () => {
    const sandbox = createSandbox({ store: openStore() });
    const other = await listen(sandbox, 0, '127.0.0.1');
    const page = await fetch(`${other.url}/history/stream`);
    const reader = page.body!.getReader();
    await reader.read();
    await other.close();
    await expect(
      (async () => {
        while (!(await reader.read()).done);
      })(),
    ).resolves.toBeUndefined();
  });
});
