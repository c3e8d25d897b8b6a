import { type Context, Hono } from 'hono';
import { cors } from 'hono/cors';
import type { IngestAnswer } from '../../protocol/types';
import { isLocal } from './addresses';
import { type Assets, serveAsset } from './assets';
import { hasBearer } from './bearer';
import { isBot } from './bots';
import type { ForwarderState } from './forwarder';
import { timeZoneMissing } from './history-lane';
import { outboxFull } from './housekeeping';
import { type Ingest, type IngestRules, readIngest } from './ingest';
import type { Log } from './log';
import type { Metrics } from './metrics';
import { operatorRoutes } from './operator';
import { isAllowedOrigin } from './origins';
import { type Outbox, OutboxFullError } from './outbox';
import { createOvertaking } from './overtaking';
import { createPageRequests, type PageEnv } from './page-requests';
import { createPageRoutes, type SubscribeOptions } from './page-routes';
import type { Platform } from './platform';
import { createRateLimit } from './rate-limit';
import type { BodyLimits } from './read-body';
import { sharedCounts } from './shared-counts';

/** What the host knows about a request beside the request itself. */
export interface RequestFacts {
  /** The address of the connection's other end. Without it nothing is limited by address, and metrics need the token. */
  address?: string;
}

export interface HandlerOptions {
  outbox: Outbox;
  platform: Platform;
  log: Log;
  metrics: Metrics;
  now: () => number;
  /** The path all public routes begin with: `/x`, or empty. */
  basePath: string;
  /** Origins beside the relay's own whose pages may send events: `https://shop.example`. */
  allowedOrigins: readonly string[];
  /** Which way events go. */
  ingest: IngestRules;
  /** Whether history can be sent: its time zone is known. */
  sendsHistory: boolean;
  /** Undefined when subscriptions are off. */
  subscribe?: SubscribeOptions;
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

/** When to come back after trouble of our own, in seconds. */
const comeBack = 5;

/** All routes of the relay, as one `fetch`. No Node, no environment: what it needs is in its options. */
export const createHandler = (options: HandlerOptions) => {
  const { outbox, log, metrics, now, basePath, allowedOrigins, limits, proxies, onStored } = options;
  const perVisitor = createRateLimit(limits.visitor);
  const perAddress = createRateLimit(limits.address);
  const arrived = createOvertaking(outbox);
  const counts = sharedCounts(outbox, now);
  const requests = createPageRequests({ allowedOrigins, proxies, perAddress, log, metrics, now });
  const app = new Hono<PageEnv>();

  app.onError((error, c) => {
    // Of a full disk housekeeping says so, once.
    if (!(error instanceof OutboxFullError))
      log.error({ err: String(error), path: c.req.path }, 'A request failed.');
    return c.json({ error: 'The relay could not do this now. Try again.' }, 503, {
      'retry-after': `${comeBack}`,
    });
  });
  app.notFound(c => c.json({ error: 'Nothing is here.' }, 404));

  const store = async (
    { rows, have, after, rejected }: Ingest,
    address: string | undefined,
  ): Promise<IngestAnswer> => {
    if (rows.length) await arrived(after, address);
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
      onStored();
    }
    if (rows.length > fresh.size) {
      metrics.count('events_received', { outcome: 'repeated' }, rows.length - fresh.size);
    }
    return { accepted: [...new Set([...rows.map(row => row.id), ...known.keys()])], rejected };
  };

  /** What a request brings to be stored, or its answer. Apart from `ingest`, which waits: the body goes with this. */
  const receive = async (
    c: Context<PageEnv>,
  ): Promise<{ read: Ingest; address: string | undefined } | { answer: Response }> => {
    const { headers } = c.req.raw;
    const body = await requests.read(c, options.bodyLimits);
    if ('refusal' in body) return { answer: body.refusal };
    const { address, weight } = body;
    const read = readIngest(body.data, now(), options.ingest);
    if (typeof read === 'string') {
      const refusal = requests.charge(c, [{ limit: perAddress, key: address, amount: weight }]);
      return { answer: refusal ?? requests.refuse(c, 400, 'body', read) };
    }

    const visitors = new Map<string, number>();
    for (const { visitor } of read.rows) visitors.set(visitor, (visitors.get(visitor) ?? 0) + 1);
    const refusal = requests.charge(c, [
      ...[...visitors].map(([key, amount]) => ({ limit: perVisitor, key, amount })),
      { limit: perAddress, key: address, amount: Math.max(weight, read.rows.length + read.rejected.length) },
    ]);
    if (refusal) return { answer: refusal };

    if (read.rejected.length) {
      metrics.count('events_received', { outcome: 'rejected' }, read.rejected.length);
      log.debug({ rejected: read.rejected.length }, 'Events broke the contract.');
    }
    // A server that forwards its own events has no Origin, and may call itself what it likes.
    if (!options.keepBots && headers.has('origin') && isBot(headers.get('user-agent'))) {
      metrics.count('events_received', { outcome: 'bot' }, read.rows.length);
      return { answer: c.json({ accepted: read.rows.map(row => row.id), rejected: read.rejected }) };
    }
    return { read, address };
  };

  const ingest = async (c: Context<PageEnv>) => {
    const received = await receive(c);
    return 'answer' in received ? received.answer : c.json(await store(received.read, received.address));
  };

  /** A route that pages call by POST, from the relay's own origin or an allowed one. */
  const forPages = (path: string, handler: (c: Context<PageEnv>) => Promise<Response>) => {
    app.use(path, async (c, next) => {
      await next();
      c.header('cache-control', 'no-store');
      c.header('x-content-type-options', 'nosniff');
    });
    app.use(
      path,
      cors({
        origin: (origin, c) => (origin && isAllowedOrigin(c.req.raw.headers, allowedOrigins) ? origin : null),
        credentials: true,
        allowMethods: ['POST'],
        allowHeaders: ['content-type'],
        exposeHeaders: ['retry-after'],
        maxAge: 86_400,
      }),
    );
    app.post(path, handler);
    app.all(path, c => c.json({ error: 'This is asked by POST.' }, 405, { allow: 'POST, OPTIONS' }));
  };
  const { subscribe } = options;
  const pages = createPageRoutes({
    outbox,
    requests,
    perAddress,
    perVisitor,
    metrics,
    now,
    onStored,
    subscribe,
  });
  forPages(`${basePath}/v2/event`, ingest);
  forPages(`${basePath}/visitor`, pages.visitor);
  forPages(`${basePath}/forget`, pages.forget);
  forPages(`${basePath}/v1/contact/subscribe`, pages.subscribe);

  const health = async (c: Context<PageEnv>) => {
    c.header('cache-control', 'no-store');
    const { paused, pausedLanes, rate } = options.forwarder();
    try {
      const { waiting, sending, dead, inDoubt, history, subscriptions, aside, oldest } = await counts();
      const oldestSeconds = oldest === undefined ? 0 : Math.max(0, Math.round((now() - oldest) / 1_000));
      const full = outbox.isFull?.() ?? false;
      // A pause is no reason to be taken out of service: events are still taken and kept. On a full disk they are not.
      const status = full ? 503 : 200;
      const facts = {
        ok: !full,
        ...(full && { error: outboxFull }),
        waiting,
        sending,
        dead,
        inDoubt,
        aside,
        oldestSeconds,
        rate: Math.round(rate),
        paused: paused ?? null,
        pausedLanes,
        history: {
          waiting: history,
          ...(history > 0 && !options.sendsHistory && { problem: timeZoneMissing }),
        },
        subscriptions: { on: !!subscribe, waiting: subscriptions },
      };
      return c.json(facts, status);
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
  if (operatorToken !== undefined)
    app.route('/operator', operatorRoutes(outbox, options.platform, operatorToken, log));

  app.get(`${basePath}/:file`, c => {
    const asset = options.assets.get(c.req.param('file'));
    return asset ? serveAsset(c, asset) : c.notFound();
  });

  return app;
};
