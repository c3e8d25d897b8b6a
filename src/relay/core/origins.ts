/** The host of a URL with its port, the scheme's own port left out; undefined when it is none. */
const hostOf = (url: string): string | undefined => {
  try {
    return new URL(url).host || undefined;
  } catch {
    return undefined;
  }
};

/** Whether a page of `origin` is served from where this request arrived, also behind a reverse proxy. */
const isSameOrigin = (origin: string, headers: Headers): boolean => {
  // Only the browser can write Sec-Fetch-Site, and it knows best: https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
  if (headers.get('sec-fetch-site') === 'same-origin') return true;
  const { protocol } = new URL(origin);
  const reached = headers.get('x-forwarded-host')?.split(',', 1)[0]?.trim() || headers.get('host');
  // Which scheme the visitor used is unknown behind a proxy that ends TLS, so hosts are compared.
  return !!reached && hostOf(`${protocol}//${reached}`) === hostOf(origin);
};

/**
 * Whether a request may bring events. Without an Origin header it comes from a server (a browser always sends one
 * with a POST). Else the origin is the relay's own or one of `allowed`.
 */
export const isAllowedOrigin = (headers: Headers, allowed: readonly string[]): boolean => {
  const origin = headers.get('origin');
  if (origin === null || allowed.includes(origin)) return true;
  // "null": a sandboxed frame or a local file, which is nobody's page unless the operator names it.
  return !!hostOf(origin) && isSameOrigin(origin, headers);
};
