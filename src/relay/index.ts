/** The relay for hosts of your own. The one for Node is `dist/relay-node.mjs`, the command `shoptrail-relay`. */
export type { Asset, Assets } from './core/assets';
export type { ForwarderState } from './core/forwarder';
export type { RequestFacts } from './core/handler';
export type { Log, LogLine } from './core/log';
export { counters, type Metrics } from './core/metrics';
export type {
  ClaimedRow,
  Counts,
  DeadLetter,
  Lane,
  Locators,
  NewRow,
  Outbox,
  Outcome,
  RowState,
} from './core/outbox';
export type { SubscribeOptions } from './core/page-routes';
export { authorization, createPlatform, type Platform, type PlatformOptions } from './core/platform';
export { createRelay, type Relay, type RelayOptions } from './core/relay';
export type { Verdict } from './core/verdict';
