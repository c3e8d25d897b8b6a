import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Envelope } from '../../src/protocol/types';
import { acceptedBy, type Link, type Passage, unreachable, up } from './links';
import { recorder } from './page-scripts';
import { askRelay, askRelayHalf, readBody } from './relay-client';
import { createChanges } from './until';

/** One request of a tag, as the site saw it: for the trace of a trial that failed. */
export interface Exchange {
  at: number;
  /** The number of the page it came from, by its Referer. */
  page: number | undefined;
  ids: string[];
  have: string[];
  /** When the browser had the whole answer, or had lost it. */
  ended?: number;
  /** The status the browser got; undefined when it got no whole answer. */
  answered?: number;
  /** What the relay said was stored, whether or not the browser heard of it. */
  accepted: string[];
}

/** A visitor has an origin of their own, and so their own cookies and database, in a browser shared by all. */
export interface Visitor {
  readonly host: string;
  /** What becomes of requests to the relay. */
  link: Link;
  /** Script that runs on each page before the tag. */
  before: string;
  /** Script that runs on the page with this number, when the test's own is there and before the tag is. */
  readonly inPage: Map<number, string>;
  /** How long the tag gathers a burst, in ms. */
  delay: number;
  /** The tag's file; an older one for an upgrade. */
  tag: string;
  /** The numbers of the pages that were asked for, in order. */
  readonly served: number[];
  readonly exchanges: Exchange[];
  /** Requests of the tag that renew the cookie: how long the next answers take, in turn, in ms; how many there were. */
  readonly renewals: { waits: number[]; asked: number; answered: number };
  /** Ids that the relay has said it has. */
  readonly stored: ReadonlySet<string>;
  /** The id of the call with this number, once it was in a request. */
  idOf(n: string): string | undefined;
  /** Ids that left in more than one request, or in one that failed. */
  readonly resent: ReadonlySet<string>;
  /** The address of a page that was never asked for, and its number. */
  nextPage(): { url: string; page: number };
  /** Waits until a condition holds, looked at whenever a page or the relay was asked. False: not by the deadline. */
  until(holds: () => boolean, deadline: number): Promise<boolean>;
}

/** A visitor as the site itself knows them. */
type Known = Visitor & { announce(): void; seen: Set<string>; idsOfCalls: Map<string, string> };

const html = (page: number, { before, inPage, delay, tag }: Visitor) => `<!doctype html>
<html><head><meta charset="utf-8"><title>Shop ${page}</title><link rel="icon" href="data:,">
<script>${before}</script>
<script>${recorder(page)}${inPage.get(page) ?? ''}</script>
<script async src="/tag/${tag}" data-endpoint="/x" data-delay="${delay}"></script>
</head><body><h1>Shop ${page}</h1></body></html>`;

/**
 * The shop of the tests. Pages and the tag are always there; `/x/v2/event` goes to the relay by way of the visitor's
 * link. Any host name is served: a visitor's own, and everything else as "another site".
 *
 * @param tags the tag's files by name; `shoptrail.js` is the one under test
 */
export const startSite = async (tags: Record<string, string>, relay: () => string) => {
  const visitors = new Map<string, Known>();
  const files = new Map(Object.entries(tags).map(([name, file]) => [name, readFileSync(file)]));
  let names = 0;

  /** What is no event (the relay renews the visitor's cookie) only needs a network. */
  const passOther = async (
    visitor: Known,
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
  ) => {
    if (visitor.link === unreachable) return void response.destroy();
    const { renewals } = visitor;
    const isRenewal = path === '/x/visitor';
    if (isRenewal) renewals.asked++;
    const wait = isRenewal ? (renewals.waits.shift() ?? 0) : 0;
    const { status, headers, body } = await askRelay(
      relay() + path,
      request.headers,
      await readBody(request),
    );
    if (wait) await new Promise(resolve => setTimeout(resolve, wait));
    response.writeHead(status, headers).end(body);
    if (isRenewal) renewals.answered++;
    visitor.announce();
  };

  const passEvents = async (
    visitor: Known,
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
  ) => {
    const body = await readBody(request);
    const { events = [], have = [] } = JSON.parse(body.toString()) as {
      events?: Envelope[];
      have?: string[];
    };
    const ids = events.map(({ id }) => id);
    const page = /\/shop\/(\d+)/.exec(request.headers.referer ?? '')?.[1];
    const exchange: Exchange = { at: Date.now(), page: page ? +page : undefined, ids, have, accepted: [] };
    visitor.exchanges.push(exchange);
    for (const { id, event } of events) {
      const n = event.params.find(({ name }) => name === 'n')?.value;
      if (typeof n === 'string') visitor.idsOfCalls.set(n, id);
      if (visitor.seen.has(id)) (visitor.resent as Set<string>).add(id);
      visitor.seen.add(id);
    }
    const end = () => {
      if (exchange.ended) return;
      exchange.ended = Date.now();
      if (response.writableFinished) exchange.answered = response.statusCode;
      visitor.announce();
    };
    response.on('finish', end);
    response.on('close', end);
    const passage: Passage = {
      page: exchange.page,
      ids,
      have,
      response,
      async ask() {
        const answer = await askRelay(relay() + path, request.headers, body);
        exchange.accepted = acceptedBy(answer);
        for (const id of exchange.accepted) (visitor.stored as Set<string>).add(id);
        visitor.announce();
        return answer;
      },
      askHalf: () => askRelayHalf(relay() + path, request.headers, body),
    };
    await visitor.link(passage);
  };

  const server = createServer(async (request, response) => {
    // A browser that uses us as its proxy sends the whole address.
    const { pathname, hostname } = new URL(request.url!, `http://${request.headers.host}`);
    response.on('error', () => {});
    try {
      const visitor = visitors.get(hostname);
      if (request.method === 'POST' && visitor) {
        const pass = pathname === '/x/v2/event' ? passEvents : passOther;
        return await pass(visitor, pathname, request, response);
      }
      const file = pathname.startsWith('/tag/') && files.get(pathname.slice('/tag/'.length));
      if (file) return void response.writeHead(200, { 'content-type': 'text/javascript' }).end(file);
      const page = /^\/shop\/(\d+)$/.exec(pathname)?.[1];
      if (page) visitor?.served.push(+page);
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      response.end(visitor && page ? html(+page, visitor) : '<!doctype html><title>Another site</title>');
      visitor?.announce();
    } catch {
      // The browser went away in the middle of a request.
      response.destroy();
    }
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    port,

    /** An address that is not the shop's. */
    elsewhere: `http://127.0.0.1:${port}/elsewhere`,

    /**
     * A new visitor.
     * @param plainHttp true for a shop without https, as the browser sees it: no Web Locks, no randomUUID
     */
    visitor(plainHttp = false): Visitor {
      const host = `t${++names}.${plainHttp ? 'shop.test' : 'localhost'}`;
      const changes = createChanges();
      const idsOfCalls = new Map<string, string>();
      let pages = 0;
      const visitor = {
        host,
        link: up,
        before: '',
        inPage: new Map<number, string>(),
        delay: 200,
        tag: 'shoptrail.js',
        served: [],
        exchanges: [],
        renewals: { waits: [], asked: 0, answered: 0 },
        stored: new Set<string>(),
        resent: new Set<string>(),
        seen: new Set<string>(),
        idsOfCalls,
        idOf: (n: string) => idsOfCalls.get(n),
        nextPage: () => ({ page: ++pages, url: `http://${host}:${port}/shop/${pages}` }),
        ...changes,
      };
      visitors.set(host, visitor);
      return visitor;
    },

    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
};

export type Site = Awaited<ReturnType<typeof startSite>>;
