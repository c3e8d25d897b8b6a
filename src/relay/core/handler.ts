import { type Context, Hono } from 'hono';
import { cors } from 'hono/cors';
import { isbot } from 'isbot';
import type { IngestAnswer } from '../../protocol/types';
import { addressKey, clientAddress, isLocal, isUndeclaredProxy } from './addresses';
import { type Assets, serveAsset } from './assets';
import { hasBearer } from './bearer';
import type { ForwarderState } from './forwarder';
import { type Ingest, readIngest } from './ingest';
import type { Log } from './log';
import type { Metrics } from './metrics';
import { operatorRoutes } from './operator';
import { isAllowedOrigin } from './origins';
import type { Outbox } from './outbox';
import { createRateLimit } from './rate-limit';
import { type BodyLimits, readBody } from './read-body';

/** What the host knows about a request beside the request itself. */
export interface RequestFacts {
  /** The address of the connection's other end. Without it nothing is limited by address, and metrics need the token. */
  address?: string;
}

export interface HandlerOptions {
  outbox: Outbox;
  log: Log;
  metrics: Metrics;
  now: () => number;
  /** The path all public routes begin with: `/x`, or empty. */
  basePath: string;
  /** Origins beside the relay's own whose pages may send events: `https://shop.example`. */
  allowedOrigins: readonly string[];
  /** Whether events of this type are forwarded. */
  leaves: (type: string) => boolean;
  /** Events a minute for each visitor and each address; 0 = no limit. */
  limits: { visitor: number; address: number };
  /** How many reverse proxies of the shop stand before the relay. */
  proxies: number;
  /** True to store what bots send. */
  keepBots: boolean;
  bodyLimits?: BodyLimits;
  assets: Assets;
  /** Without it there are no operator routes, and metrics are for this machine only. */
  operatorToken?: string;
  /** The metrics as text. Without it there is no `/metrics`. */
  renderMetrics?: () => Promise<{ type: string; text: string }>;
  forwarder: () => ForwarderState;
  /** Called when something new was stored. */
  onStored: () => void;
}

type Env = { Bindings: RequestFacts | undefined };

/** When to come back after trouble of our own, in seconds. */
const comeBack = 5;

/** All routes of the relay, as one `fetch`. No Node, no environment: what it needs is in its options. */
export const createHandler = (options: HandlerOptions) => {
  const { outbox, log, metrics, now, basePath, allowedOrigins, leaves, limits, proxies } = options;
  const perVisitor = createRateLimit(limits.visitor);
  const perAddress = createRateLimit(limits.address);
  const app = new Hono<Env>();
  let toldOfProxy = false;

  app.onError((error, c) => {
    log.error({ err: String(error), path: c.req.path }, 'A request failed.');
    return c.json({ error: 'The relay could not do this now. Try again.' }, 503, {
      'retry-after': `${comeBack}`,
    });
  });
  app.notFound(c => c.json({ error: 'Nothing is here.' }, 404));

  const refuse = (c: Context, status: 400 | 403 | 413 | 415 | 429, reason: string, error: string) => {
    metrics.count('requests_refused', { reason });
    return c.json({ error }, status);
  };

  const tooMany = (c: Context, wait: number) => {
    c.header('retry-after', `${Math.ceil(wait / 1_000)}`);
    return refuse(c, 429, 'rate', 'Too many events. Send the rest later.');
  };

  /** The key to count this request's address by; undefined when it is not to be limited. */
  const limitedAddress = (headers: Headers, peer: string | undefined) => {
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

  const store = async ({ rows, have, rejected }: Ingest): Promise<IngestAnswer> => {
    // Asked in one tick, so that both share a commit.
    const [stored, known] = await Promise.all([
      rows.length ? outbox.add(rows, now()) : [],
      have.length ? outbox.known(have) : new Map<string, never>(),
    ]);
    const fresh = new Set(stored);
    const skipped = rows.filter(row => row.skip && fresh.has(row.id)).length;
    if (skipped) metrics.count('events_received', { outcome: 'skipped' }, skipped);
    if (fresh.size > skipped) {
      metrics.count('events_received', { outcome: 'stored' }, fresh.size - skipped);
      options.onStored();
    }
    if (rows.length > fresh.size) {
      metrics.count('events_received', { outcome: 'repeated' }, rows.length - fresh.size);
    }
    return { accepted: [...new Set([...rows.map(row => row.id), ...known.keys()])], rejected };
  };

  const ingest = async (c: Context<Env>) => {
    const { headers } = c.req.raw;
    if (!isAllowedOrigin(headers, allowedOrigins)) {
      return refuse(c, 403, 'origin', 'This origin may not send events here. Add it to ALLOWED_ORIGINS.');
    }
    const time = now();
    const address = limitedAddress(headers, c.env?.address);
    const addressWait = address ? perAddress.wait(address, time) : 0;
    if (addressWait) return tooMany(c, addressWait);

    const body = await readBody(c.req, options.bodyLimits);
    if ('refusal' in body) return refuse(c, body.refusal.status, body.refusal.reason, body.refusal.error);
    const read = readIngest(body.data, time, leaves);
    if (typeof read === 'string') return refuse(c, 400, 'body', read);

    const visitors = new Map<string, number>();
    for (const { visitor } of read.rows) visitors.set(visitor, (visitors.get(visitor) ?? 0) + 1);
    const visitorWait = Math.max(0, ...[...visitors.keys()].map(visitor => perVisitor.wait(visitor, time)));
    if (visitorWait) return tooMany(c, visitorWait);
    for (const [visitor, amount] of visitors) perVisitor.take(visitor, amount, time);
    if (address) perAddress.take(address, Math.max(1, read.rows.length + read.rejected.length), time);

    if (read.rejected.length) {
      metrics.count('events_received', { outcome: 'rejected' }, read.rejected.length);
      log.debug({ rejected: read.rejected.length }, 'Events broke the contract.');
    }
    // A server that forwards its own events has no Origin, and may call itself what it likes.
    if (!options.keepBots && headers.has('origin') && isbot(headers.get('user-agent'))) {
      metrics.count('events_received', { outcome: 'bot' }, read.rows.length);
      return c.json({ accepted: read.rows.map(row => row.id), rejected: read.rejected });
    }
    return c.json(await store(read));
  };

  const endpoint = `${basePath}/v2/event`;
  app.use(endpoint, async (c, next) => {
    await next();
    c.header('cache-control', 'no-store');
    c.header('x-content-type-options', 'nosniff');
  });
  app.use(
    endpoint,
    cors({
      origin: (origin, c) => (origin && isAllowedOrigin(c.req.raw.headers, allowedOrigins) ? origin : null),
      credentials: true,
      allowMethods: ['POST'],
      allowHeaders: ['content-type'],
      exposeHeaders: ['retry-after'],
      maxAge: 86_400,
    }),
  );
  app.post(endpoint, ingest);
  app.all(endpoint, c => c.json({ error: 'Events are sent by POST.' }, 405, { allow: 'POST, OPTIONS' }));

  const health = async (c: Context<Env>) => {
    c.header('cache-control', 'no-store');
    const { paused, rate } = options.forwarder();
    try {
      const { waiting, sending, dead, inDoubt, oldest } = await outbox.counts();
      const oldestSeconds = oldest === undefined ? 0 : Math.max(0, Math.round((now() - oldest) / 1_000));
      // A pause is no reason to be taken out of service: events are still taken and kept.
      return c.json({
        ok: true,
        waiting,
        sending,
        dead,
        inDoubt,
        oldestSeconds,
        rate: Math.round(rate),
        paused: paused ?? null,
      });
    } catch (error) {
      log.error({ err: String(error) }, 'The outbox does not answer.');
      return c.json({ ok: false, error: 'The outbox does not answer.' }, 503);
    }
  };
  app.get('/healthz', health);
  if (basePath) app.get(`${basePath}/healthz`, health);

  const { renderMetrics, operatorToken } = options;
  if (renderMetrics) {
    app.get('/metrics', async c => {
      const { headers } = c.req.raw;
      const allowed =
        isLocal(headers, c.env?.address) ||
        (operatorToken !== undefined && (await hasBearer(headers, operatorToken)));
      if (!allowed) return c.json({ error: 'Metrics are for this machine, or for the OPERATOR_TOKEN.' }, 401);
      const { type, text } = await renderMetrics();
      return c.body(text, 200, { 'content-type': type });
    });
  }
  if (operatorToken !== undefined) app.route('/operator', operatorRoutes(outbox, operatorToken, log));

  app.get(`${basePath}/:file`, c => {
    const asset = options.assets.get(c.req.param('file'));
    return asset ? serveAsset(c, asset) : c.notFound();
  });

  return app;
};
