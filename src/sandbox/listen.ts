/** Puts a sandbox on a port. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { Sandbox } from './app';

/** A sandbox that listens. */
export interface Listening {
  /** `http://127.0.0.1:8082` */
  url: string;
  port: number;
  /** Whether the wanted port was taken and another one is used. */
  moved: boolean;
  /** Stops listening, lets running requests end (for at most two seconds), then resolves. */
  close: () => Promise<void>;
}

const CLOSE_MS = 2000;

/**
 * Listens on `port`, or on any free one when it is taken or 0.
 *
 * @throws for every other reason why one cannot listen, as an address that is not this machine's.
 */
export async function listen(sandbox: Sandbox, port: number, host: string): Promise<Listening> {
  let moved = false;
  const server = await open(sandbox, port, host).catch(error => {
    if (error.code !== 'EADDRINUSE') throw error;
    moved = true;
    return open(sandbox, 0, host);
  });
  const { port: actual } = server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  return { url: `http://${name}:${actual}`, port: actual, moved, close: () => close(server, sandbox) };
}

function open(sandbox: Sandbox, port: number, hostname: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: sandbox.app.fetch, port, hostname }, () => resolve(server)) as Server;
    server.once('error', reject);
  });
}

function close(server: Server, sandbox: Sandbox): Promise<void> {
  return new Promise(resolve => {
    // A connection becomes idle when its answer ends, which for a history page is after `end()`.
    const idle = setInterval(() => server.closeIdleConnections(), 20);
    const force = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(force);
      resolve();
    });
    sandbox.end();
  });
}
