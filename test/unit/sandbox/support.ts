/** A sandbox in memory whose clock stands still, and the requests that tests make of it. */
import { createSandbox, type SandboxOptions } from '../../../src/sandbox/app';
import { openStore } from '../../../src/sandbox/store';

export const AUTH = `Basic ${Buffer.from('shop:sandbox-key').toString('base64')}`;
export const COOKIE = '3f2a8c1e-9b7d-4c55-8d0e-5a1f7e6b9c21';
export const NOON = Date.UTC(2026, 4, 1, 12);

export interface Param {
  name: string;
  value: unknown;
}

export function sandbox(options: Partial<SandboxOptions> = {}) {
  const store = openStore();
  const { app, end } = createSandbox({ store, clock: () => NOON, ...options });
  const api = (path: string, body: unknown, method = 'POST', authorization = AUTH) =>
    app.request(`/api${path}`, {
      method,
      headers: { authorization },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const json = async (path: string) => (await app.request(path)).json();
  return {
    app,
    end,
    store,
    api,
    json,
    /** Posts a v2 event and says what came back. */
    send: async (body: unknown) => {
      const answer = await api('/v2/event', body);
      return { status: answer.status, text: await answer.text() };
    },
    events: () => json('/sandbox/events'),
    contacts: () => json('/sandbox/contacts'),
    timeline: (id: number) => json(`/sandbox/contacts/${id}/timeline`),
  };
}

/** Params from an object. */
export function params(values: Record<string, unknown>): Param[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

/** A custom event with these params. */
export function event(values: Record<string, unknown>, keyValue?: string) {
  return { eventTypeKey: 'custom', ...(keyValue !== undefined && { keyValue }), params: params(values) };
}

/** An event of a visitor of whom only the cookie id is known. */
export function anonymous(cookie = COOKIE) {
  return event({ shoptrailAnonymousId: cookie }, cookie);
}
