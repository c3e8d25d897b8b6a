import type { ConsentMode } from './consent';

/** How the storefront is started. */
export interface Settings {
  /** Address to listen on. Default 127.0.0.1. */
  host: string;
  /** Port to listen on; 0 picks a free one. Default 8080. */
  port: number;
  /** Where the relay listens. Default http://127.0.0.1:8081. */
  relayUrl: string;
  /** Where the sandbox listens; without it the footer has no link to the history. */
  sandboxUrl?: string;
  /** Whether visitors are asked before the tag starts. Default banner. */
  consent: ConsentMode;
}

function httpUrl(name: string, text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new Error(`${name} must be an address such as http://127.0.0.1:8081, not "${text}".`);
  return text.replace(/\/+$/, '');
}

/**
 * Reads HOST, PORT, RELAY_URL, SANDBOX_URL and CONSENT.
 * @throws Error with a sentence that says which one is wrong and what it should look like.
 */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const port = env.PORT || '8080';
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new Error(`PORT must be a number from 0 to 65535, not "${port}".`);
  const consent = env.CONSENT || 'banner';
  if (consent !== 'banner' && consent !== 'off')
    throw new Error(`CONSENT must be banner or off, not "${consent}".`);
  return {
    host: env.HOST || '127.0.0.1',
    port: Number(port),
    relayUrl: httpUrl('RELAY_URL', env.RELAY_URL || 'http://127.0.0.1:8081'),
    ...(env.SANDBOX_URL && { sandboxUrl: httpUrl('SANDBOX_URL', env.SANDBOX_URL) }),
    consent,
  };
}
