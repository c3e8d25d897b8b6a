import * as v from 'valibot';

/** The cookie that holds the visitor's anonymous id. */
export const cookieName = 'shoptrail_id';

/** Four hundred days in seconds: the longest that a browser keeps a cookie (RFC 6265bis section 5.5). */
const maxAge = 34_560_000;

/** What the tag asks for: `{"id":"<uuid>.<week>.<print>","domain":"shop.example"}`. */
export const renewal = v.object(
  {
    id: v.pipe(
      v.string('expected a text'),
      v.regex(
        /^[0-9a-f-]{36}\.[a-z0-9]{1,6}(\.[a-z0-9-]{1,20})?$/,
        'expected an anonymous id with its suffixes',
      ),
    ),
    domain: v.fallback(v.optional(v.string()), undefined),
  },
  'expected {"id":"..."}',
);

/** The name of the host that the visitor asked, also behind a reverse proxy; undefined when it has none. */
const hostName = (request: Request): string | undefined => {
  const { headers } = request;
  const host = headers.get('x-forwarded-host')?.split(',', 1)[0]?.trim() || headers.get('host');
  try {
    return new URL(host ? `http://${host}` : request.url).hostname.replace(/\.$/, '');
  } catch {
    return undefined;
  }
};

/** Two labels or more of letters, digits and hyphens, the last one no number: an address is no domain. */
const isDomain = (text: string) => /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*$/.test(text);

/**
 * The domain that a cookie of this request may be set for: `wanted`, when the host that was asked is it or lies under
 * it; else undefined, which means that host only. Whether a domain is a public suffix the browser knows, and refuses.
 */
export const cookieDomain = (request: Request, wanted: string | undefined): string | undefined => {
  const host = hostName(request);
  const domain = wanted?.toLowerCase().replace(/^\./, '');
  if (!host || !domain || !isDomain(domain)) return undefined;
  return host === domain || host.endsWith(`.${domain}`) ? domain : undefined;
};

const isSecure = ({ headers, url }: Request) =>
  (headers.get('x-forwarded-proto')?.split(',', 1)[0]?.trim() ?? new URL(url).protocol).startsWith('https');

/**
 * The Set-Cookie header that gives a visitor's id 400 more days: a cookie that a script wrote lives seven in Safari.
 * Not HttpOnly: the tag reads it, and deletes it when consent is withdrawn.
 */
export const visitorCookie = (request: Request, { id, domain }: v.InferOutput<typeof renewal>): string => {
  const allowed = cookieDomain(request, domain);
  return [
    `${cookieName}=${id}`,
    'Path=/',
    `Max-Age=${maxAge}`,
    'SameSite=Lax',
    ...(isSecure(request) ? ['Secure'] : []),
    ...(allowed ? [`Domain=${allowed}`] : []),
  ].join('; ');
};

/** The anonymous id in the visitor's cookie, without what stands behind it. */
export const idInCookie = (headers: Headers): string | undefined =>
  new RegExp(`(?:^|; *)${cookieName}=([0-9a-f-]{36})\\.`).exec(headers.get('cookie') ?? '')?.[1];
