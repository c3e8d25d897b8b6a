import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { IngestAnswer, IngestRequest, V2Event } from '../../src/protocol/types';
import { createChanges } from '../delivery/until';
import type { Settings } from './browser-model';
import { recorder } from './page-script';

/** One copy of an event that has left a browser. */
export interface Copy {
  id: string;
  /** The number of a step, else the id. */
  key: string;
  /** The number of the page that sent it. */
  page: number;
  /** When its body was made, by the clock of that page. */
  sentAt: number;
  event: V2Event;
  /** Whether the collector has kept it. */
  stored: boolean;
}

/** What becomes of a request: as asked, kept with its answer lost, refused for now, or not seen at all. */
export type Link = 'up' | 'slow' | 'busy' | 'answers lost' | 'cut';

/** How long a slow answer takes, in ms. */
const SLOW = 40;

const read = async (request: IncomingMessage) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

/** What one page of the shop has. */
interface Content {
  /** Runs first of all. */
  before: string;
  /**
   * What the page's own script does before the tag is there; once, not when the page is loaded again: nor on the way back,
   * where a browser that has not kept the page takes its text from the cache.
   */
  script: string;
  delay: number;
  pageViews: boolean;
}

const html = (page: number, content: Content, { anonymous, identifyEvent }: Settings) =>
  `<!doctype html><html><head><meta charset="utf-8"><title>Page ${page}</title><link rel="icon" href="data:,">
<script>${content.before}${recorder}if (performance.getEntriesByType('navigation')[0].type !== 'back_forward') { ${content.script} }</script>
<script async src="/tag.js" data-endpoint="/x" data-delay="${content.delay}" data-page-views="${content.pageViews}"
  data-anonymous="${anonymous}" data-identify-event="${identifyEvent}"></script>
</head><body></body></html>`;

/**
 * The shop, the built tag, and a collector that answers as the relay does: it keeps each id once, and says of the ids in
 * `have` which it has. Each visitor has an origin of their own (`r17.localhost`), and so their own cookies and database:
 * a run needs no new browser, and never sees what another left.
 *
 * @param tag the file of the tag under test
 */
export const startShop = async (tag: string) => {
  const script = readFileSync(tag);

  const createVisitor = (origin: string, settings: Settings) => {
    const copies: Copy[] = [];
    const stored = new Map<string, Copy>();
    const keys = new Set<string>();
    const contents = new Map<number, Content>();
    const changes = createChanges();
    let pages = 0;
    return {
      origin,
      link: 'up' as Link,
      /** Every copy that has left, whatever became of it. */
      copies,
      /** What the collector keeps: the first copy that came of each event. */
      stored,
      /** The keys of what it keeps. */
      keys,
      until: changes.until,

      /** How many pages there are; the next one has the next number. */
      pages: () => pages,

      /** A page that was never asked for. */
      nextPage({
        before = '',
        script = '',
        delay = settings.delay,
        pageViews = true,
      }: Partial<Content> = {}) {
        contents.set(++pages, { before, script, delay, pageViews });
        return { number: pages, url: `${origin}/page/${pages}` };
      },

      /** A page as it is asked for. */
      html(page: number): string | undefined {
        const content = contents.get(page);
        const text = content && html(page, content, settings);
        if (content) content.script = '';
        return text;
      },

      /** What the relay would make of a request. */
      collect(body: IngestRequest, page: number): IngestAnswer | undefined {
        const keeps = this.link !== 'cut' && this.link !== 'busy';
        for (const { id, event } of body.events) {
          const n = event.params.find(({ name }) => name === 'n')?.value;
          const copy: Copy = {
            id,
            key: `${n ?? id}`,
            page,
            sentAt: body.sentAt!,
            event,
            stored: keeps && !stored.has(id),
          };
          copies.push(copy);
          if (!copy.stored) continue;
          stored.set(id, copy);
          keys.add(copy.key);
        }
        changes.announce();
        const asked = body.have?.filter(id => stored.has(id)) ?? [];
        return keeps ? { accepted: [...body.events.map(({ id }) => id), ...asked], rejected: [] } : undefined;
      },
    };
  };

  const visitors = new Map<string, ReturnType<typeof createVisitor>>();
  const server = createServer(async (request, response) => {
    const { pathname, hostname } = new URL(request.url!, `http://${request.headers.host}`);
    const visitor = visitors.get(hostname);
    response.on('error', () => {});
    try {
      if (pathname === '/tag.js') {
        const headers = { 'content-type': 'text/javascript', 'cache-control': 'max-age=3600' };
        return void response.writeHead(200, headers).end(script);
      }
      if (request.method === 'POST') {
        const body = JSON.parse(await read(request)) as IngestRequest;
        const page = Number(/\/page\/(\d+)/.exec(request.headers.referer ?? '')?.[1]);
        const link = visitor!.link;
        const answer = visitor!.collect(body, page);
        if (link === 'slow') await pause(SLOW);
        if (link === 'busy') response.writeHead(503).end();
        else if (!answer || link === 'answers lost') response.destroy();
        else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
        return;
      }
      const page = Number(/^\/page\/(\d+)$/.exec(pathname)?.[1]);
      const text = visitor?.html(page);
      response.writeHead(text ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' }).end(text);
    } catch {
      // The browser went away in the middle of a request.
      response.destroy();
    }
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  let runs = 0;

  return {
    /** A new visitor, who has never been here. */
    visitor(settings: Settings) {
      const host = `r${++runs}.localhost`;
      const visitor = createVisitor(`http://${host}:${port}`, settings);
      visitors.clear();
      visitors.set(host, visitor);
      return visitor;
    },

    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
};

export type Shop = Awaited<ReturnType<typeof startShop>>;
export type Visitor = ReturnType<Shop['visitor']>;
