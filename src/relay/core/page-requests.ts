import type { Context } from 'hono';
import { addressKey, clientAddress, isUndeclaredProxy } from './addresses';
import type { RequestFacts } from './handler';
import type { Log } from './log';
import type { Metrics } from './metrics';
import { isAllowedOrigin } from './origins';
import type { RateLimit } from './rate-limit';
import { type BodyLimits, readBody } from './read-body';

export type PageEnv = { Bindings: RequestFacts | undefined };

/** A limit, what to count by it, and how much. An undefined key is not limited. */
export interface Charge {
  limit: RateLimit;
  key: string | undefined;
  amount?: number;
}

export interface PageRequestOptions {
  allowedOrigins: readonly string[];
  proxies: number;
  /** Counts every request from a page by its address. */
  perAddress: RateLimit;
  log: Log;
  metrics: Metrics;
  now: () => number;
}

/** An ordinary event with its envelope is half of that, in characters. */
const ordinarySize = 2_000;

/** As how many events a body of this size counts at least: it is bytes that fill a disk. */
const weightOf = (size: number) => Math.max(1, Math.floor(size / ordinarySize));

/** What all routes that pages call ask of a request before they look into it. */
export const createPageRequests = (options: PageRequestOptions) => {
  const { allowedOrigins, proxies, perAddress, log, metrics, now } = options;
  let toldOfProxy = false;

  const refuse = (c: Context, status: 400 | 403 | 413 | 415 | 429, reason: string, error: string) => {
    metrics.count('requests_refused', { reason });
    return c.json({ error }, status);
  };

  /** The key to count this request's address by; undefined when it is not to be limited. */
  const addressOf = (c: Context<PageEnv>) => {
    const { headers } = c.req.raw;
    const peer = c.env?.address;
    if (!toldOfProxy && isUndeclaredProxy(headers, peer, proxies)) {
      toldOfProxy = true;
      log.warn(
        {},
        'Requests come through a proxy, so addresses are not limited. Set TRUST_PROXY=on when it is yours.',
      );
    }
    const address = clientAddress(headers, peer, proxies);
    return address && addressKey(address);
  };

  /** Takes from all of these limits, or says for how long one of them asks to wait and takes nothing. */
  const charge = (c: Context, charges: readonly Charge[]): Response | undefined => {
    const time = now();
    const wait = Math.max(0, ...charges.map(({ limit, key }) => (key ? limit.wait(key, time) : 0)));
    if (wait) {
      c.header('retry-after', `${Math.ceil(wait / 1_000)}`);
      return refuse(c, 429, 'rate', 'Too many requests. Try again later.');
    }
    for (const { limit, key, amount = 1 } of charges) if (key) limit.take(key, amount, time);
    return undefined;
  };

  /**
   * Reads the body of a request whose origin may bring it and whose address has not sent too much. A body that cannot be
   * read is charged to its address here; any other is the caller's to charge, as at least `weight` events.
   */
  const read = async (
    c: Context<PageEnv>,
    limits: BodyLimits | undefined,
  ): Promise<{ data: unknown; address: string | undefined; weight: number } | { refusal: Response }> => {
    if (!isAllowedOrigin(c.req.raw.headers, allowedOrigins)) {
      const error = 'This origin may not send events here. Add it to ALLOWED_ORIGINS.';
      return { refusal: refuse(c, 403, 'origin', error) };
    }
    const address = addressOf(c);
    const refusal = charge(c, [{ limit: perAddress, key: address, amount: 0 }]);
    if (refusal) return { refusal };
    const body = await readBody(c.req, limits);
    const weight = weightOf(body.size);
    if ('data' in body) return { data: body.data, address, weight };
    if (address) perAddress.take(address, weight, now());
    return { refusal: refuse(c, body.refusal.status, body.refusal.reason, body.refusal.error) };
  };

  return { read, charge, refuse };
};

export type PageRequests = ReturnType<typeof createPageRequests>;
