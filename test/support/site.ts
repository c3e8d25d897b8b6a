import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { V2Event } from '../../src/protocol/types';

/** A request that the collector has seen. */
export interface Seen {
  path: string;
  body: { events: { id: string; at: number; event: V2Event }[]; have?: string[] } & V2Event;
  headers: IncomingMessage['headers'];
}

/** How the collector answers: a status, or by itself. By default it takes everything. */
export type Answer = (seen: Seen, response: ServerResponse) => void;

const tag = readFileSync(new URL('../../dist/shoptrail.js', import.meta.url));

const takes: Answer = ({ body }, response) => {
  const accepted = (body.events ?? []).map(({ id }) => id);
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(JSON.stringify({ accepted, rejected: [] }));
};

const read = async (request: IncomingMessage) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

/** The pasted line, with what else is to stand on it. */
export const pastedLine = (attributes = 'data-endpoint="/x"') =>
  `<script async src="/tag.js" ${attributes}></script>`;

/** A page around some markup. */
export const page = (markup: string, line = pastedLine()) =>
  `<!doctype html><html><head><meta charset="utf-8"><title>Shop</title><link rel="icon" href="data:,">${line}</head><body>${markup}</body></html>`;

/**
 * A shop of a few pages, with the built tag and a collector on the same origin, on a port of its own. Pages are served
 * under the names they have; any other path is an empty page.
 */
export const startSite = async (pages: Record<string, string> = { '/': page('') }) => {
  const seen: Seen[] = [];
  let answer = takes;
  const server = createServer(async (request, response) => {
    const path = new URL(request.url!, 'http://site').pathname;
    if (path === '/tag.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(tag);
    } else if (request.method === 'POST') {
      const text = await read(request).catch(() => undefined);
      // The page ended in the middle of it.
      if (text === undefined) return;
      const entry = { path, body: JSON.parse(text), headers: request.headers };
      seen.push(entry);
      answer(entry, response);
    } else {
      response
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
        .end(pages[path] ?? '<title>Empty</title>');
    }
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    /** The events that came, in order, with repeats. */
    events: (type?: string): V2Event[] =>
      seen
        .flatMap(({ body }) => body.events?.map(({ event }) => event) ?? [body as V2Event])
        .filter(event => !type || event.eventTypeKey === type),
    answer: (next: Answer = takes) => {
      answer = next;
    },
    close: () =>
      new Promise<void>(resolve => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};

export type Site = Awaited<ReturnType<typeof startSite>>;
