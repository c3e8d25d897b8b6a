import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Service, startService } from '../../scripts/services.mjs';

/** An event as the sandbox has stored it. */
export interface Stored {
  n: number;
  eventTypeKey: string;
  keyValue: string;
  params: { name: string; value: unknown }[];
  contactId: number | null;
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
  settings: { relay?: Record<string, string>; sandbox?: Record<string, string> } = {},
) => {
  const folder = mkdtempSync(join(tmpdir(), 'shoptrail-'));
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
      ...settings.relay,
    });
  let relay: Service | undefined = await startRelay('0');
  const { origin, port } = new URL(relay.url);
  const storefront = await startService('storefront', {
    PORT: '0',
    RELAY_URL: origin,
    SANDBOX_URL: sandbox.url,
  });

  return {
    shop: storefront.url,
    relayUrl: origin,
    sandboxUrl: sandbox.url,

    /** Every line that the servers have printed. */
    output: () => [...sandbox.output, ...(relay?.output ?? []), ...storefront.output],

    /** What the platform has, in the order it came. */
    events: (type = ''): Promise<Stored[]> => json(`${sandbox.url}/sandbox/events?type=${type}`),

    /** The ids the platform has, with repeats. */
    ids: async (): Promise<string[]> => (await json(`${sandbox.url}/sandbox/events`)).map(idOf),

    contacts: () => json(`${sandbox.url}/sandbox/contacts`),
    timeline: (contact: number) => json(`${sandbox.url}/sandbox/contacts/${contact}/timeline`),

    /** Scripted answers of the platform, used up in order. */
    faults: (faults: unknown[]) =>
      json(`${sandbox.url}/sandbox/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ faults }),
      }),

    ledger: (): Promise<Ledger> =>
      json(`${origin}/operator/ledger`, { headers: { authorization: `Bearer ${OPERATOR}` } }),

    async stopRelay(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
      await relay?.stop(signal);
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
