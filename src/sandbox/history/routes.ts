/** `/history`: the pages, their style and script, and the stream that keeps the list up to date. */
import { type Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Faults } from '../faults';
import type { Live, News } from '../live';
import type { Store } from '../store';
import { ICON } from './icon';
import { type Html, layout, type Page } from './layout';
import { answersPage, contactPage, contactsPage, eventPage, eventsPage, missingPage } from './pages';
import { SCRIPT } from './script';
import { STYLE } from './style';
import { createTimes, viewOf } from './view';

/** Only what this server sends may run, look or be loaded. */
const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/** A comment this often keeps the connection of an idle page. */
const PING_MS = 15_000;

/** How many missed events a page gets when it comes back; after more it reloads. */
const MAX_MISSED = 200;

/** The history, to be mounted at `/history`. */
export function createHistory({
  store,
  live,
  faults,
  timeZone,
}: {
  store: Store;
  live: Live;
  faults: Faults;
  timeZone: string;
}): Hono {
  const history = new Hono();
  const times = createTimes(timeZone);

  const refused = () =>
    Object.entries(store.answerCounts()).reduce(
      (sum, [code, count]) => sum + (code === '200' ? 0 : count),
      0,
    );
  const page = (
    c: Context,
    title: string,
    section: Page['section'],
    content: Html,
    status: 200 | 404 = 200,
  ) => {
    c.header('Content-Security-Policy', POLICY);
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Referrer-Policy', 'no-referrer');
    c.header('Cache-Control', 'no-store');
    return c.html(layout({ title, section, refused: refused(), timeZone, content }), status);
  };
  const asset = (path: string, type: string, body: string) =>
    history.get(path, c => c.body(body, 200, { 'Content-Type': type, 'Cache-Control': 'no-cache' }));

  asset('/style.css', 'text/css; charset=utf-8', STYLE);
  asset('/live.js', 'text/javascript; charset=utf-8', SCRIPT);
  asset('/icon.svg', 'image/svg+xml', ICON);

  history.get('/', c => {
    const type = c.req.query('type');
    const before = number(c.req.query('before'));
    const filter = { ...(type && { type }), ...(before && { before }), origin: new URL(c.req.url).origin };
    return page(c, type ?? 'Event history', 'events', eventsPage(store, times, filter));
  });
  history.get('/events/:n', c => {
    const event = store.event(number(c.req.param('n')) ?? 0);
    if (!event) return page(c, 'Not here', 'events', missingPage('event'), 404);
    return page(c, `${event.type} ${event.n}`, 'events', eventPage(store, times, event));
  });
  history.get('/contacts', c => page(c, 'Contacts', 'contacts', contactsPage(store, times)));
  history.get('/contacts/:id', c => {
    const contact = store.contact(number(c.req.param('id')) ?? 0);
    if (!contact) return page(c, 'Not here', 'contacts', missingPage('contact'), 404);
    return page(c, `Contact ${contact.id}`, 'contacts', contactPage(store, times, contact));
  });
  history.get('/answers', c => {
    const left = faults.left().reduce((sum, { times }) => sum + times, 0);
    return page(c, 'Answers of the API', 'answers', answersPage(store, times, left));
  });

  history.get('/stream', c =>
    streamSSE(c, async stream => {
      const send = (event: string, data: unknown, id?: number) =>
        stream
          .writeSSE({ event, data: JSON.stringify(data), ...(id !== undefined && { id: String(id) }) })
          .catch(() => {}); // the page has gone: onAbort ends this stream
      const sendEvent = (n: number) => {
        const event = store.event(n);
        if (event) send('added', viewOf(store, event, times), n);
      };

      let end = () => {};
      const ended = new Promise<void>(resolve => {
        end = resolve;
      });
      const react = (news: News) => {
        if (news.kind === 'event') sendEvent(news.n);
        if (news.kind === 'answer') send('refused', refused());
        if (news.kind === 'cleared') send('hello', store.generation());
        if (news.kind === 'end') end();
      };
      const stop = live.listen(react);
      stream.onAbort(end);

      // The page names the store it was made from; with another one it reloads itself.
      send('hello', store.generation());
      const after = number(c.req.header('last-event-id')) ?? number(c.req.query('after')) ?? 0;
      const missed = store.events({ since: after });
      if (missed.length > MAX_MISSED) send('hello', 'too much was missed');
      else for (const event of missed) sendEvent(event.n);

      const ping = setInterval(() => void stream.write(': still here\n\n').catch(() => {}), PING_MS);
      await ended;
      clearInterval(ping);
      stop();
    }),
  );
  return history;
}

function number(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
