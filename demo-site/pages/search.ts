import { html } from 'hono/html';
import { categories } from '../catalogue';
import { showPage } from '../layout';
import { cards, faceOf } from '../parts/card';
import { favouriteItems, recommendations } from '../parts/recommendations';
import { MAX_QUERY, searchProducts } from '../search';
import { readSession, type ShopContext } from '../visit';

function shelfLinks() {
  return html`<p class="ways">${categories.map(({ slug, name }) => html`<a class="button button--quiet" href="/category/${slug}">${name}</a> `)}</p>`;
}

/** Search results; without a query an invitation to search. */
export function searchPage(c: ShopContext) {
  const query = (c.req.query('q') ?? '').trim().slice(0, MAX_QUERY);
  const session = readSession(c);
  const back = `/search?${new URLSearchParams({ q: query })}`;
  if (!query)
    return showPage(c, {
      title: 'Search',
      content: html`<div class="wrap empty"><h1>What are you looking for?</h1><p>Type a word into the field above, or look along a shelf.</p>${shelfLinks()}</div>`,
    });
  const found = searchProducts(query);
  const title = `Search: ${query}`;
  const marks = html`data-shoptrail-search="${query}" data-shoptrail-found="${found.length}"`;
  if (found.length === 0)
    return showPage(c, {
      title,
      query,
      content: html`<div class="wrap empty" ${marks}><h1>Nothing for “${query}”</h1><p>Check the spelling, try one word instead of two, or look along a shelf.</p>${shelfLinks()}</div>
      ${recommendations('r15v1', 'What others took home', favouriteItems(), session, back)}`,
    });
  return showPage(c, {
    title,
    query,
    content: html`<div class="wrap" ${marks}>
      <header class="title"><h1>Results for “${query}”</h1><p class="muted">${found.length === 1 ? '1 product' : `${found.length} products`}</p></header>
      ${cards(found.map(faceOf), session, back)}
    </div>`,
  });
}
