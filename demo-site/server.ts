import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { createApp } from './app';
import type { Settings } from './settings';

/** A listening storefront. */
export interface Storefront {
  /** E.g. `http://127.0.0.1:8080`. */
  url: string;
  /** The port it should have had was taken. */
  portWasTaken: boolean;
  /** Stops listening, lets running requests end for up to two seconds, then cuts them. */
  close(): Promise<void>;
}

/** Resolves true once listening, false when the port is taken; any other trouble rejects. */
function listen(server: Server, port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error);
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      resolve(true);
    });
  });
}

/** Starts the storefront; when the port is taken, on a free one. */
export async function startStorefront(settings: Settings): Promise<Storefront> {
  const app = createApp({ ...settings, remoteAddress: c => getConnInfo(c).remote.address });
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  const portWasTaken = !(await listen(server, settings.port, settings.host));
  if (portWasTaken) await listen(server, 0, settings.host);
  const { port } = server.address() as AddressInfo;
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  return {
    url: `http://${host}:${port}`,
    portWasTaken,
    close: () =>
      new Promise(resolve => {
        const cut = setTimeout(() => server.closeAllConnections(), 2000);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
