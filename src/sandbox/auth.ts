/** Who may call the API: Basic with any user name and the key as password, or a Bearer token. */

export type Caller = 'key' | 'token';

/**
 * Reads an `Authorization` header.
 *
 * @returns how the caller proved itself, or undefined when it did not.
 */
export function whoCalls(
  header: string | undefined,
  { apiKey, token }: { apiKey: string; token: string },
): Caller | undefined {
  const [, scheme = '', credentials = ''] = /^(\S+)\s+(\S+)\s*$/.exec(header ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return credentials === token ? 'token' : undefined;
  if (scheme.toLowerCase() !== 'basic') return undefined;
  const pair = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon >= 0 && pair.slice(colon + 1) === apiKey ? 'key' : undefined;
}
