import type { Context } from 'hono';
import * as v from 'valibot';
import { faultOf } from './ingest-schema';
import type { Metrics } from './metrics';
import type { Outbox } from './outbox';
import type { PageEnv, PageRequests } from './page-requests';
import { createRateLimit, type RateLimit } from './rate-limit';
import { maxSubscription, readSubscription } from './subscription';
import { idInCookie, renewal, visitorCookie } from './visitor-cookie';

/** What pages may subscribe to. */
export interface SubscribeOptions {
  /** The only groups that pages may name. Default any. */
  groups?: readonly string[];
  /** Subscriptions an hour for each address, each visitor, and each email or phone; 0 = no limit. Default 20. */
  rate?: number;
}

export interface PageRouteOptions {
  outbox: Outbox;
  requests: PageRequests;
  perAddress: RateLimit;
  perVisitor: RateLimit;
  metrics: Metrics;
  now: () => number;
  onStored: () => void;
  /** Undefined when subscriptions are off. */
  subscribe?: SubscribeOptions;
}

const small = { maxBytes: 1_024, maxDepth: 4 };
const hour = 60 * 60_000;

const forgetRequest = v.object(
  {
    anonymousId: v.pipe(v.string('a uuid expected'), v.regex(/^[0-9a-f-]{36}$/, 'a uuid expected')),
  },
  'expected {"anonymousId":"<uuid>"}',
);

/** The routes beside ingest that pages call, as handlers of a POST. */
export const createPageRoutes = (options: PageRouteOptions) => {
  const { outbox, requests, perAddress, perVisitor, metrics, now, subscribe } = options;
  const perHour = createRateLimit(subscribe?.rate ?? 20, undefined, hour);

  /** `POST {base}/visitor`: renews the visitor's cookie. The one answer that sets a cookie. */
  const visitor = async (c: Context<PageEnv>) => {
    const body = await requests.read(c, small);
    if ('refusal' in body) return body.refusal;
    const asked = v.safeParse(renewal, body.data);
    const [id] = asked.success ? asked.output.id.split('.') : [];
    const refusal = requests.charge(c, [
      { limit: perAddress, key: body.address },
      { limit: perVisitor, key: id },
    ]);
    if (refusal) return refusal;
    if (!asked.success) return requests.refuse(c, 400, 'body', faultOf(asked.issues, 'body'));
    c.header('set-cookie', visitorCookie(c.req.raw, asked.output));
    return c.body(null, 204);
  };

  /** `POST {base}/forget`: drops what has not left of this visitor. The ids stay, so that a late copy is known. */
  const forget = async (c: Context<PageEnv>) => {
    const body = await requests.read(c, small);
    if ('refusal' in body) return body.refusal;
    const asked = v.safeParse(forgetRequest, body.data);
    const refusal = requests.charge(c, [
      { limit: perAddress, key: body.address },
      { limit: perVisitor, key: asked.success ? asked.output.anonymousId : undefined },
    ]);
    if (refusal) return refusal;
    if (!asked.success) return requests.refuse(c, 400, 'body', faultOf(asked.issues, 'body'));
    await outbox.forgetVisitor(asked.output.anonymousId);
    return c.body(null, 204);
  };

  /**
   * `POST {base}/v1/contact/subscribe`: stores a subscription and answers 202 at once with its id. It is forwarded like
   * an event, and what the platform refuses is among the dead letters.
   */
  const subscribeContact = async (c: Context<PageEnv>) => {
    if (!subscribe) {
      return c.json({ error: 'Subscriptions are off. The operator of the relay sets SUBSCRIBE=on.' }, 404);
    }
    const body = await requests.read(c, { maxBytes: maxSubscription, maxDepth: 16 });
    if ('refusal' in body) return body.refusal;
    const asked = readSubscription(body.data, now(), idInCookie(c.req.raw.headers), subscribe.groups);
    if (typeof asked === 'string') {
      // It costs as much as an event, so that nobody can ask for ever.
      const refusal = requests.charge(c, [{ limit: perAddress, key: body.address }]);
      if (refusal) return refusal;
      metrics.count('subscriptions_received', { outcome: 'refused' });
      return requests.refuse(c, 400, 'body', asked);
    }
    const { row } = asked;
    // A repeat of what is stored costs nothing: the answer may have been lost.
    const isKnown = (await outbox.known([row.id])).has(row.id);
    const refusal = requests.charge(c, [
      { limit: perAddress, key: body.address },
      ...(isKnown ? [] : [body.address, asked.visitor, ...asked.channels]).map(key => ({
        limit: perHour,
        key,
      })),
    ]);
    if (refusal) return refusal;
    const [stored] = await outbox.add([row], now());
    metrics.count('subscriptions_received', { outcome: stored ? 'stored' : 'repeated' });
    if (stored) options.onStored();
    return c.json({ id: row.id }, 202);
  };

  return { visitor, forget, subscribe: subscribeContact };
};
