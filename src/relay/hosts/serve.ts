import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Log } from '../core/log';
import { authorization, createPlatform } from '../core/platform';
import { createRelay } from '../core/relay';
import { createMetrics } from './metrics';
import type { Settings } from './settings';
import { openSqliteOutbox } from './sqlite-outbox';
import { OutboxBusyError } from './sqlite-schema';
import { readTagFiles } from './tag-files';

/** What keeps the relay from starting, as one sentence for whoever started it. */
export class StartError extends Error {}

/** A process that is being replaced has up to ten seconds to finish. */
const waitForOutbox = 12_000;

const openOutbox = async (path: string, log: Log) => {
  for (const begun = Date.now(); ; ) {
    try {
      return openSqliteOutbox(path);
    } catch (error) {
      if (!(error instanceof OutboxBusyError)) {
        const why = (error as { code?: string }).code === 'SQLITE_NOTADB' ? 'it is no outbox' : String(error);
        throw new StartError(`OUTBOX: ${path} cannot be opened: ${why}.`);
      }
      if (Date.now() - begun > waitForOutbox) {
        throw new StartError(
          `OUTBOX: ${path} is in use by another relay. Stop that one, or name another file.`,
        );
      }
      log.debug({}, 'Another process has the outbox open. Waiting for it to end.');
      await new Promise(resolve => setTimeout(resolve, 100));
    }
  }
};

const listen = async (server: Server, host: string, port: number) => {
  server.listen(port, host);
  await once(server, 'listening');
};

const listenOrFallBack = async (
  server: Server,
  { HOST: host, PORT: port, PORT_FALLBACK }: Settings,
  log: Log,
) => {
  try {
    await listen(server, host, port);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'EADDRINUSE' && PORT_FALLBACK) {
      log.warn({ port }, 'PORT is taken; taking a free one.');
      return listen(server, host, 0);
    }
    if (code === 'EADDRINUSE') {
      throw new StartError(`PORT: ${port} on ${host} is taken. Choose another one, or set PORT_FALLBACK=on.`);
    }
    if (code === 'EACCES')
      throw new StartError(`PORT: ${port} needs rights that this process does not have.`);
    throw new StartError(`HOST: ${host} cannot be listened on (${code ?? error}).`);
  }
};

const isLoopback = (host: string) => /^(localhost|127\.[\d.]+|\[::1\])$/.test(host);

/** A relay that listens. */
export interface Served {
  /** Where, with the base path: `http://127.0.0.1:8081/x`. */
  url: string;
  /** Stops listening, waits up to `grace` ms for the platform's answers, closes the outbox. */
  stop(grace?: number): Promise<void>;
}

/**
 * Opens the outbox, listens and begins to forward.
 *
 * @throws StartError with a sentence that names the setting to change.
 */
export const serveRelay = async (settings: Settings, tagFolder: string, log: Log): Promise<Served> => {
  const { PLATFORM_URL: platformUrl, BASE_PATH: basePath } = settings;
  const { protocol, hostname } = new URL(platformUrl);
  if (protocol === 'http:' && !isLoopback(hostname)) {
    log.warn({}, 'PLATFORM_URL begins with http: the key travels readable for anybody on the way.');
  }
  const assets = readTagFiles(settings.TAG_DIR ?? tagFolder);
  if (!assets.has('shoptrail.js'))
    log.warn({}, 'TAG_DIR has no shoptrail.js: the relay takes events but serves no tag.');

  const outbox = await openOutbox(settings.OUTBOX, log);
  const { metrics, render } = createMetrics(outbox);
  const relay = createRelay({
    outbox,
    platform: createPlatform({ url: platformUrl, authorization: authorization(settings.secret) }),
    basePath,
    allowedOrigins: settings.ALLOWED_ORIGINS,
    events: settings.EVENTS,
    timeZone: settings.PLATFORM_TIMEZONE,
    freshMinutes: settings.FRESH_MINUTES,
    historyDelayMinutes: settings.HISTORY_DELAY_MINUTES,
    subscribe: settings.SUBSCRIBE
      ? { groups: settings.SUBSCRIBE_GROUPS, rate: settings.RATE_SUBSCRIBE }
      : undefined,
    visitorRate: settings.RATE_VISITOR,
    addressRate: settings.RATE_ADDRESS,
    proxies: settings.TRUST_PROXY,
    keepBots: settings.BOTS === 'keep',
    retentionDays: settings.RETENTION_DAYS,
    alarmSeconds: settings.OUTBOX_ALARM_SECONDS,
    assets,
    operatorToken: settings.OPERATOR_TOKEN,
    renderMetrics: () => render(relay.state()),
    log,
    metrics,
    forwarding: { rate: { max: settings.PLATFORM_RATE_MAX } },
  });

  const server = createAdaptorServer({
    fetch: (request, env) =>
      relay.fetch(request, { address: (env.incoming as IncomingMessage).socket.remoteAddress }),
    serverOptions: { requestTimeout: 30_000 },
  }) as Server;
  // Longer than the usual minute of a reverse proxy, so that it is the proxy that closes an idle connection.
  server.keepAliveTimeout = 65_000;
  try {
    await listenOrFallBack(server, settings, log);
  } catch (error) {
    await outbox.close();
    throw error;
  }
  try {
    await relay.start();
  } catch (error) {
    throw new StartError(`OUTBOX: ${settings.OUTBOX} cannot be written: ${error}. Is its disk full?`);
  }

  const { port } = server.address() as AddressInfo;
  const host = settings.HOST.includes(':') ? `[${settings.HOST}]` : settings.HOST;
  return {
    url: `http://${host}:${port}${basePath}`,
    async stop(grace = 10_000) {
      const closed = new Promise(resolve => server.close(resolve));
      server.closeIdleConnections();
      await relay.stop(grace);
      // Who keeps a connection open without a request must not keep the process.
      server.closeAllConnections();
      await closed;
      await outbox.close();
    },
  };
};
