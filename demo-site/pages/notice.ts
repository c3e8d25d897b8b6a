import { html } from 'hono/html';
import { type Page, showPage } from '../layout';
import type { ShopContext } from '../visit';

/** A page with one sentence and a way on, for errors and missing things. */
export function noticePage(c: ShopContext, status: Page['status'], title: string, text: string) {
  return showPage(c, {
    title,
    status,
    content: html`<div class="wrap narrow empty"><h1>${title}</h1><p>${text}</p><p><a class="button" href="/">Back to the shop</a></p></div>`,
  });
}
