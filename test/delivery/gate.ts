import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The way between relay and platform, which can be closed: then no connection is made at all. */
export const startGate = async () => {
  let target = '';
  const server = createServer((incoming, outgoing) => {
    const onward = httpRequest(
      target + incoming.url,
      { method: incoming.method, headers: incoming.headers },
      answer => {
        outgoing.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(outgoing);
        answer.on('error', () => outgoing.destroy());
      },
    );
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  const listen = (port: number) => new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const down = async () => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  };
  return {
    url: `http://127.0.0.1:${port}`,
    /** Where the platform really is. */
    to(url: string): void {
      target = url;
    },
    down,
    up: () => listen(port),
  };
};

export type Gate = Awaited<ReturnType<typeof startGate>>;
