import { html } from 'hono/html';
import type { Customer } from '../customer';
import type { Fields, Problems } from '../fields';
import { showPage } from '../layout';
import { field, problemSummary } from '../parts/field';
import type { ShopContext } from '../visit';

/** The sign-in form, with what was typed and what is wrong with it after a refusal. */
export function signInPage(c: ShopContext, next: string, fields: Fields = {}, problems: Problems = {}) {
  return showPage(c, {
    title: 'Sign in',
    content: html`<div class="wrap narrow">
      <h1>Sign in</h1>
      <p class="lead">No password here: this is a demonstration. Take any address you like, or invent one.</p>
      ${problemSummary(problems)}
      <form class="form" method="post" action="/sign-in" novalidate>
        <input type="hidden" name="next" value="${next}">
        ${field('email', 'Email', fields, problems, { type: 'email', autocomplete: 'email' })}
        ${field('phone', 'Phone', fields, problems, { type: 'tel', autocomplete: 'tel', optional: true, hint: 'With the country code, for example +353 1 234 5678' })}
        <button class="button">Sign in</button>
      </form>
    </div>`,
  });
}

/** What the shop knows about the signed-in customer, and the way out. */
export function accountPage(c: ShopContext, { email, phone, externalCustomerId }: Customer) {
  return showPage(c, {
    title: 'Account',
    content: html`<div class="wrap narrow">
      <h1>Your account</h1>
      <dl class="facts">
        <div><dt>Email</dt><dd>${email}</dd></div>
        <div><dt>Phone</dt><dd>${phone ?? 'Not given'}</dd></div>
        <div><dt>Customer number</dt><dd>${externalCustomerId}</dd></div>
      </dl>
      <form method="post" action="/sign-out"><button class="button button--quiet">Sign out</button></form>
    </div>`,
  });
}
