import type { Assets } from './assets';
import { leaves } from './event-types';
import { createForwarder, type ForwarderOptions, type ForwarderState } from './forwarder';
import { createHandler, type RequestFacts } from './handler';
import { createHousekeeping } from './housekeeping';
import { type Log, silent } from './log';
import { type Metrics, noMetrics } from './metrics';
import { occurredIn } from './occurred';
import type { Outbox } from './outbox';
import type { SubscribeOptions } from './page-routes';
import type { Platform } from './platform';
import type { BodyLimits } from './read-body';

export interface RelayOptions {
  /** Where events are kept until the platform has them. */
  outbox: Outbox;
  /** Whom they go to: see `createPlatform`. */
  platform: Platform;
  /** The path all public routes begin with. Default `/x`. */
  basePath?: string;
  /** Origins beside the relay's own whose pages may send events. Default none. */
  allowedOrigins?: readonly string[];
  /** Which event types leave: `productViewed,cartUpdated` or `!pageViewed`. Default all. */
  events?: string;
  /** The time zone of the platform account, an IANA name. Default none: history of held visitors waits for it. */
  timeZone?: string;
  /** A held event that is older than this many minutes when it arrives goes to past events. Default 60. */
  freshMinutes?: number;
  /** How many minutes history waits before it is sent: the contact must exist first. 0 to 60, default 10. */
  historyDelayMinutes?: number;
  /** Takes subscriptions of newsletter forms. Default none: the route says that they are off. */
  subscribe?: SubscribeOptions;
  /** Events a minute and visitor; as many at once after a quiet minute; 0 = no limit. Default 1,200. */
  visitorRate?: number;
  /**
   * Events a minute and address; 0 = no limit. Default 12,000, as a whole office may share one. A request counts as at
   * least one for each 2,000 characters of its body.
   */
  addressRate?: number;
  /** How many reverse proxies of the shop stand before the relay. Default 0. */
  proxies?: number;
  /** True to store what bots send. Default false. */
  keepBots?: boolean;
  /** How large and how deep a request's body may be. */
  bodyLimits?: BodyLimits;
  /** How long the ids of settled events and dead letters are kept, in days. Default and least 30. */
  retentionDays?: number;
  /** An event or subscription that waits longer than this many seconds is logged as an alarm. Default 600. */
  alarmSeconds?: number;
  /** The tag's files. Default none. */
  assets?: Assets;
  /** Opens the operator routes to who knows it. Default none: there are no such routes. */
  operatorToken?: string;
  /** What `/metrics` answers: a text and its Content-Type. Default none: there is no such route. */
  renderMetrics?: () => Promise<{ type: string; text: string }>;
  /** Takes the log's lines, in which nothing is personal. Default none. */
  log?: Log;
  /** Is told what is counted and timed. Default none. */
  metrics?: Metrics;
  /** The clock, in ms since 1970. */
  now?: () => number;
  /** How events are offered to the platform. */
  forwarding?: Pick<ForwarderOptions, 'concurrency' | 'rate' | 'backoff' | 'probeEvery' | 'random'>;
}

/** A relay: takes events by `fetch`, keeps them, hands them to the platform. */
export interface Relay {
  /** Answers a request. `facts` is what the host knows about it. */
  fetch(request: Request, facts?: RequestFacts): Response | Promise<Response>;
  /** Begins to forward. */
  start(): Promise<void>;
  /** Takes nothing more out of the outbox and waits up to `grace` ms (default 10,000) for the platform's answers. */
  stop(grace?: number): Promise<void>;
  state(): ForwarderState;
}

/**
 * Puts a relay together. It listens nowhere: a host calls its `fetch`.
 *
 * @example
 * const relay = createRelay({
 *   outbox,
 *   platform: createPlatform({ url: 'https://esputnik.com/api', authorization: authorization({ apiKey }) }),
 * });
 * await relay.start();
 * const answer = await relay.fetch(request);
 */
export const createRelay = (options: RelayOptions): Relay => {
  const { outbox, platform, log = silent, metrics = noMetrics, now = Date.now } = options;
  const { timeZone } = options;
  const history = { occurred: timeZone === undefined ? undefined : occurredIn(timeZone) };
  const forwarder = createForwarder({ outbox, platform, log, metrics, now, history, ...options.forwarding });
  const housekeeping = createHousekeeping({
    outbox,
    log,
    now,
    retentionDays: Math.max(30, options.retentionDays ?? 30),
    alarmSeconds: options.alarmSeconds ?? 600,
  });
  const app = createHandler({
    outbox,
    platform,
    log,
    metrics,
    now,
    basePath: options.basePath ?? '/x',
    allowedOrigins: options.allowedOrigins ?? [],
    ingest: {
      leaves: leaves(options.events),
      freshFor: (options.freshMinutes ?? 60) * 60_000,
      historyDelay: (options.historyDelayMinutes ?? 10) * 60_000,
    },
    sendsHistory: timeZone !== undefined,
    subscribe: options.subscribe,
    limits: { visitor: options.visitorRate ?? 1_200, address: options.addressRate ?? 12_000 },
    proxies: options.proxies ?? 0,
    keepBots: options.keepBots ?? false,
    bodyLimits: options.bodyLimits,
    assets: options.assets ?? new Map(),
    operatorToken: options.operatorToken,
    renderMetrics: options.renderMetrics,
    forwarder: forwarder.state,
    onStored: forwarder.wake,
  });
  return {
    fetch: (request, facts) => app.fetch(request, facts),
    async start() {
      await forwarder.start();
      housekeeping.start();
    },
    async stop(grace = 10_000) {
      housekeeping.stop();
      await forwarder.stop(grace);
    },
    state: forwarder.state,
  };
};
