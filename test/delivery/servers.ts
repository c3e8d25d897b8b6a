import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { startStack } from '../support/stack';
import { startGate } from './gate';
import { startSite } from './site';

/** The relay as the tests need it: nothing limited by address, robots welcome, a platform that takes much. */
const relay = { RATE_VISITOR: '0', RATE_ADDRESS: '0', BOTS: 'keep', PLATFORM_RATE_MAX: '10000' };

/** The tags of earlier versions that are kept to see their queues delivered. */
const OLDER = resolve('test/delivery/older');

/** Their names. */
export const olderTags = (): string[] =>
  existsSync(OLDER) ? readdirSync(OLDER).filter(name => name.endsWith('.js')) : [];

/**
 * Relay and platform as processes, and between them and the browsers what the scenarios turn on and off.
 * @param tag the file of the tag under test
 */
export const startServers = async (tag: string) => {
  const gate = await startGate();
  const stack = await startStack({ relay: { ...relay, PLATFORM_URL: `${gate.url}/api` } });
  gate.to(stack.sandboxUrl);
  const older = olderTags().map(name => [name, resolve(OLDER, name)]);
  const tags = { 'shoptrail.js': resolve(tag), ...Object.fromEntries(older) };
  const site = await startSite(tags, () => stack.relayUrl);
  return {
    gate,
    stack,
    site,

    /** Forgets the faults that the platform was to show. */
    async clearFaults(): Promise<void> {
      await fetch(`${stack.sandboxUrl}/sandbox/faults`, { method: 'DELETE' });
    },

    async close(): Promise<void> {
      await site.close();
      await stack.close();
      await gate.down();
    },
  };
};

export type Servers = Awaited<ReturnType<typeof startServers>>;
