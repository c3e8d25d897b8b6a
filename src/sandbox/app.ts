/** The local stand-in of the platform: its API, a readable history, and a control plane for tests. */
import { Hono } from 'hono';
import { createApi } from './api';
import type { Bindings } from './connection';
import { createControl } from './control';
import { createFaults } from './faults';
import { createHistory } from './history/routes';
import { createLive } from './live';
import type { LocatorRule } from './rules';
import type { Store } from './store';

/** How a sandbox behaves. */
export interface SandboxOptions {
  /** Where everything is kept: `openStore()`. */
  store: Store;
  /** Milliseconds since 1970. Default `Date.now`. */
  clock?: () => number;
  /** The password of Basic authorization. Default `sandbox-key`. */
  apiKey?: string;
  /** The token of Bearer authorization. Default `sandbox-token`. */
  token?: string;
  /** Whether a locator param with a forbidden character is refused. Default `lenient`: it is taken. */
  locators?: LocatorRule;
  /** Whether `DELETE /api/v1/past_events` is active. Default false. */
  pastDelete?: boolean;
  /** Time zone of the account: of `occurred`, and of the times shown. Default `UTC`. */
  timeZone?: string;
}

/** A sandbox, not yet listening. */
export interface Sandbox {
  /** The whole server as a plain fetch handler. Faults that cut connections need the Node server (`listen`). */
  app: Hono<{ Bindings: Bindings }>;
  /** Ends the streams of open history pages, so that a server can close. */
  end: () => void;
}

/**
 * Makes a sandbox.
 *
 * @example
 * const { app } = createSandbox({ store: openStore() });
 * await app.request('/api/v2/event', { method: 'POST', headers: { authorization: 'Bearer sandbox-token' }, body });
 */
export function createSandbox(options: SandboxOptions): Sandbox {
  const {
    store,
    clock = Date.now,
    apiKey = 'sandbox-key',
    token = 'sandbox-token',
    locators = 'lenient',
    pastDelete = false,
    timeZone = 'UTC',
  } = options;
  const faults = createFaults();
  const live = createLive();

  const app = new Hono<{ Bindings: Bindings }>();
  app.get('/', c => c.redirect('/history'));
  app.get('/healthz', c => c.json({ status: 'ok' }));
  app.route('/api', createApi({ store, live, faults, clock, apiKey, token, locators, pastDelete, timeZone }));
  app.route('/sandbox', createControl({ store, live, faults }));
  app.route('/history', createHistory({ store, live, faults, timeZone }));
  return { app, end: () => live.announce({ kind: 'end' }) };
}
