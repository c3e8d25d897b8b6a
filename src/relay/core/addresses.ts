const isOwnNetwork = (address: string) =>
  /^(::ffff:)?(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)|^::1$|^f[cd]/i.test(address);

const forwardedFor = (headers: Headers): string[] =>
  (headers.get('x-forwarded-for') ?? '')
    .split(',')
    .map(address => address.trim())
    .filter(Boolean);

/**
 * Whose address a rate limit should count; undefined when it cannot be known.
 *
 * @param peer the address of the connection, as the host knows it.
 * @param proxies how many reverse proxies of the shop stand before the relay (setting TRUST_PROXY, 0 = none). Each
 *   appends the address it saw to X-Forwarded-For; whatever stands before those entries anybody may have written.
 */
export const clientAddress = (
  headers: Headers,
  peer: string | undefined,
  proxies: number,
): string | undefined => {
  const chain = forwardedFor(headers);
  if (proxies > 0) return chain.length ? chain[Math.max(0, chain.length - proxies)] : peer;
  // A proxy in the own network that was not declared: its address stands for all visitors and must not be limited.
  return isUndeclaredProxy(headers, peer, proxies) ? undefined : peer;
};

/** Whether the request came through a proxy that the setting TRUST_PROXY does not name. */
export const isUndeclaredProxy = (headers: Headers, peer: string | undefined, proxies: number): boolean =>
  proxies === 0 && headers.has('x-forwarded-for') && !!peer && isOwnNetwork(peer);

/** The key of a rate limit for an address: IPv6 visitors have a whole /64 of addresses, so that counts as one. */
export const addressKey = (address: string): string => {
  const v4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (v4) return v4[1]!;
  if (!address.includes(':')) return address;
  const [head = ''] = address.split('::', 1);
  const groups = head.split(':').slice(0, 4);
  return `${[...groups, '0', '0', '0', '0'].slice(0, 4).join(':')}::/64`;
};

/** Whether the request was made on this machine itself, not handed on by a proxy that runs here. */
export const isLocal = (headers: Headers, peer: string | undefined): boolean =>
  !!peer &&
  /^(::ffff:)?127\.|^::1$/i.test(peer) &&
  !['x-forwarded-for', 'x-forwarded-host', 'forwarded', 'via'].some(name => headers.has(name));
