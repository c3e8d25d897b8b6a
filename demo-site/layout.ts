import { html, raw } from 'hono/html';
import { cartCount } from './cart';
import { type CategoryId, categories } from './catalogue';
import { readAnswer } from './consent';
import { CURRENCY } from './money';
import { consentBanner, privacyChoices } from './parts/consent-banner';
import { cartIcon, heartIcon, mark, personIcon, searchIcon } from './parts/icons';
import { newsletterForm } from './parts/newsletter';
import type { Session } from './session';
import { call, cartValue, consentCall, earlyCalls, identifyCall, pastedLine } from './shoptrail';
import { readSession, type ShopContext } from './visit';

/** Name of the shop. */
export const SHOP = 'Saltmarsh';

type Markup = ReturnType<typeof html> | string;

/** What a page puts into the frame. */
export interface Page {
  /** Before the shop's name in the browser's tab; without it the name alone. */
  title?: string;
  description?: string;
  /** Everything between header and footer. */
  content: Markup;
  /** Calls to the tag that this page makes while it loads (see shoptrail.ts). */
  calls?: string[];
  /** The page has the consent question in its content, so the banner would be one too many. */
  asksItself?: boolean;
  /** The shelf that the page belongs to. */
  category?: CategoryId;
  /** What stands in the search field. */
  query?: string;
  /** Default 200. */
  status?: 200 | 403 | 404 | 409 | 413 | 422 | 500 | 501;
}

function count(number: number, name: string) {
  return html`<span class="count" data-count="${name}"${number === 0 && html` data-zero`}>${number}</span><span class="visually-hidden"> items</span>`;
}

function header(session: Session, page: Page) {
  const account = session.customer
    ? { href: '/account', text: 'Account' }
    : { href: '/sign-in', text: 'Sign in' };
  return html`<header class="top">
    <div class="wrap top__row">
      <a class="brand" href="/">${mark}<span>${SHOP}</span></a>
      <form class="find" role="search" action="/search" method="get">
        <label class="visually-hidden" for="q">Search the shop</label>
        <input id="q" name="q" type="search" placeholder="Mugs, teapots, sencha…" maxlength="100" autocomplete="off" value="${page.query ?? ''}">
        <button aria-label="Search">${searchIcon}</button>
      </form>
      <nav class="actions" aria-label="Your things">
        <a href="/wishlist">${heartIcon}<span class="actions__text">Wishlist</span> ${count(session.wishlist.size, 'wishlist')}</a>
        <a href="${account.href}">${personIcon}<span class="actions__text">${account.text}</span></a>
        <a href="/cart" data-shoptrail-cart="${JSON.stringify(cartValue(session.cart))}">${cartIcon}<span class="actions__text">Cart</span> ${count(cartCount(session.cart), 'cart')}</a>
      </nav>
    </div>
    <nav class="shelves" aria-label="Categories">
      <ul class="wrap" role="list">${categories.map(
        ({ id, slug, short }) =>
          html`<li><a href="/category/${slug}"${id === page.category && html` aria-current="true"`}>${short}</a></li>`,
      )}</ul>
    </nav>
  </header>`;
}

function footer(c: ShopContext) {
  const historyUrl = c.get('historyUrl');
  return html`<footer class="bottom">
    <div class="wrap">${newsletterForm()}</div>
    <div class="wrap bottom__row">
      <section>
        <p class="brand brand--small">${mark}<span>${SHOP}</span></p>
        <p>Stoneware and loose tea from a workshop behind the dunes. Fired on Mondays, packed on Thursdays.</p>
      </section>
      <nav aria-label="Shop">
        <h2>Shop</h2>
        <ul role="list">${categories.map(({ slug, name }) => html`<li><a href="/category/${slug}">${name}</a></li>`)}</ul>
      </nav>
      <section>
        <h2>Good to know</h2>
        <p>Free delivery from €60. Breakages on the way are ours to replace. Thirty days to change your mind.</p>
      </section>
    </div>
    <div class="bottom__line"><div class="wrap bottom__end">
      <p>A demonstration shop: nothing is sold, nothing is shipped.</p>
      ${c.get('consentMode') === 'banner' && privacyChoices()}
      ${historyUrl && html`<p><a href="${historyUrl}">See what arrived</a></p>`}
    </div></div>
  </footer>`;
}

/** The way back to this page; what a form was posted to cannot be opened. */
function pathOf(c: ShopContext): string {
  const { pathname, search } = new URL(c.req.url);
  return c.req.method === 'GET' ? pathname + search : '/';
}

/** Answers with a whole page, and tells the tag what happened since the last one. */
export function showPage(c: ShopContext, page: Page) {
  const session = readSession(c);
  const nonce = c.get('nonce');
  const { notice } = session;
  const consentMode = c.get('consentMode');
  const answer = consentMode === 'banner' ? readAnswer(c) : undefined;
  const calls = [
    ...(answer ? [consentCall(answer)] : []),
    ...(session.signedOut ? [call('reset')] : []),
    ...(session.customer ? [identifyCall(session.customer)] : []),
    ...(page.calls ?? []),
  ];
  session.signedOut = undefined;
  session.notice = undefined;
  const document = html`${raw('<!doctype html>')}
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title ? `${page.title} · ${SHOP}` : `${SHOP} · stoneware and loose tea`}</title>
${page.description && html`<meta name="description" content="${page.description}">`}
<meta name="theme-color" content="#1f4b4a">
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/shop.css">
${earlyCalls(nonce, calls)}
${pastedLine(nonce, consentMode)}
<script defer src="/assets/shop.js" nonce="${nonce}"></script>
</head>
<body data-shoptrail-currency="${CURRENCY}">
<a class="skip" href="#main">Skip to content</a>
${consentMode === 'banner' && !page.asksItself && consentBanner(answer, pathOf(c))}
${header(session, page)}
<div class="toast" id="toast" role="status" aria-live="polite"></div>
<main id="main" tabindex="-1">
${notice && html`<p class="wrap notice" role="status">${notice}</p>`}
${page.content}
</main>
${footer(c)}
</body>
</html>`;
  return c.html(document, page.status ?? 200);
}
