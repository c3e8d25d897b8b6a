import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Service, startService } from '../../scripts/services.mjs';
import type { Seen } from './site';

/** An event as the sandbox has stored it. */
export interface Stored {
  n: number;
  eventTypeKey: string;
  keyValue: string;
  params: { name: string; value: unknown }[];
  contactId: number | null;
  /** Past events: the minute in the account's time zone. */
  occurred?: string;
}

/** An event on a contact's timeline. */
export interface TimelineRow extends Stored {
  /** When it happened. */
  at: number;
  /** What led it to the contact: `by email`. */
  how: string;
}

/** An event that the platform refused for good, with the platform's words. */
export interface DeadLetter {
  id: string;
  type: string;
  reason: string;
}

/** What the relay has done with the ids it was given. */
export interface Ledger {
  forwarded: string[];
  inDoubt: string[];
  dead: string[];
  waiting: string[];
}

const OPERATOR = 'operator-token-of-the-tests';

const json = async (url: string, init?: RequestInit) => {
  const response = await fetch(url, init);
  if (!response.ok) throw Error(`${url} answered ${response.status}`);
  return response.json();
};

/** The value of a param. */
export const param = (event: Stored, name: string): unknown =>
  event.params.find(each => each.name === name)?.value;

/** The id that the tag gave an event. */
export const idOf = (event: Stored): string => `${param(event, 'shoptrailEventId')}`;

/**
 * Storefront, relay and sandbox as processes of their own on free ports, with their files in a folder of their own.
 * The relay keeps its port and its outbox when it is stopped and started again.
 */
export const startStack = async (
  settings: {
    relay?: Record<string, string>;
    sandbox?: Record<string, string>;
    /** Whether `pass()` is wanted. */
    movesClock?: boolean;
    storefront?: Record<string, string>;
  } = {},
) => {
  const folder = mkdtempSync(join(tmpdir(), 'shoptrail-'));
  const clock = join(folder, 'clock');
  let ahead = 0;
  const setClock = () => writeFileSync(clock, `${ahead}`);
  setClock();
  const sandbox = await startService('sandbox', { PORT: '0', SANDBOX_API_KEY: 'key', ...settings.sandbox });

  const startRelay = (port: string) =>
    startService('relay', {
      PORT: port,
      PLATFORM_URL: `${sandbox.url}/api`,
      PLATFORM_API_KEY: 'key',
      OUTBOX: join(folder, 'outbox.db'),
      OPERATOR_TOKEN: OPERATOR,
      TRUST_PROXY: 'on',
      BOTS: 'keep',
      ...(settings.movesClock && {
        CLOCK_AHEAD: clock,
        NODE_OPTIONS: `--import ${new URL('moved-clock.mjs', import.meta.url)}`,
      }),
      ...settings.relay,
    });
  let relay: Service | undefined = await startRelay('0');
  /** Lines of relays that have ended. */
  const before: string[] = [];
  const { origin, port } = new URL(relay.url);
  const storefront = await startService('storefront', {
    PORT: '0',
    RELAY_URL: origin,
    SANDBOX_URL: sandbox.url,
    // Most tests are about what the tag does once it may.
    CONSENT: 'off',
    ...settings.storefront,
  });

  const operator = (path: string) =>
    json(`${origin}/operator/${path}`, { headers: { authorization: `Bearer ${OPERATOR}` } });

  return {
    shop: storefront.url,
    relayUrl: origin,
    sandboxUrl: sandbox.url,

    /** Every line that the servers have printed. */
    output: () => [...sandbox.output, ...before, ...(relay?.output ?? []), ...storefront.output],

    /** What the platform has, in the order it came. */
    events: (type = ''): Promise<Stored[]> => json(`${sandbox.url}/sandbox/events?type=${type}`),

    /** The ids the platform has, with repeats. */
    ids: async (): Promise<string[]> => (await json(`${sandbox.url}/sandbox/events`)).map(idOf),

    contacts: () => json(`${sandbox.url}/sandbox/contacts`),
    timeline: (contact: number): Promise<TimelineRow[]> =>
      json(`${sandbox.url}/sandbox/contacts/${contact}/timeline`),

    /** How often the platform has given each answer. */
    answers: (): Promise<Record<string, number>> => json(`${sandbox.url}/sandbox/requests`),

    /** Scripted answers of the platform, used up in order. */
    faults: (faults: unknown[]) =>
      json(`${sandbox.url}/sandbox/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ faults }),
      }),

    /** Hands the tag's request to a shop's own server on to the relay; without `response` nobody hears the answer. */
    async passOn({ path, body }: Seen, response?: ServerResponse): Promise<void> {
      const answer = await fetch(origin + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const text = await answer.text();
      response?.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
    },

    ledger: (): Promise<Ledger> => operator('ledger'),
    deadLetters: (): Promise<DeadLetter[]> => operator('dead'),

    /** Sends an event to the platform past the relay, as another system of the shop would. */
    async tellPlatform(eventTypeKey: string, person: Record<string, string>): Promise<void> {
      const params = Object.entries(person).map(([name, value]) => ({ name, value }));
      const response = await fetch(`${sandbox.url}/api/v2/event`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa('shop:key')}` },
        body: JSON.stringify({ eventTypeKey, params }),
      });
      if (!response.ok) throw Error(`The sandbox answered ${response.status}`);
    },

    /**
     * Lets time pass for the relay (needs `movesClock`). It sleeps by the machine's clock, so it is also woken, by what
     * wakes a relay: some other visitor's event.
     */
    async pass(milliseconds: number): Promise<void> {
      ahead += milliseconds;
      setClock();
      const event = { eventTypeKey: 'somebodyElse', keyValue: randomUUID(), params: [] };
      await json(`${origin}/x/v2/event`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(event),
      });
    },

    async stopRelay(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
      await relay?.stop(signal);
      before.push(...(relay?.output ?? []));
      relay = undefined;
    },

    async restartRelay(): Promise<void> {
      relay ??= await startRelay(port);
    },

    async close(): Promise<void> {
      await Promise.all([storefront.stop(), relay?.stop()]);
      await sandbox.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export type Stack = Awaited<ReturnType<typeof startStack>>;
