import { html } from 'hono/html';
import { CONSENT_COOKIE, CONSENT_DAYS, choices, readAnswer } from '../consent';
import { showPage } from '../layout';
import { consentButtons } from '../parts/consent-banner';
import { SESSION_COOKIE } from '../session';
import type { ShopContext } from '../visit';

/** What each answer to the banner means, what is kept, and the same three buttons. */
export function privacyPage(c: ShopContext) {
  const answer = readAnswer(c);
  return showPage(c, {
    title: 'Privacy choices',
    asksItself: true,
    content: html`<div class="wrap narrow">
      <h1>Privacy choices</h1>
      <p class="lead" data-testid="answer">${answer ? html`Your answer: <strong>${choices[answer].label}</strong>. You can change it at any time.` : 'You have not answered yet. Until you do, nothing is noted.'}</p>
      <dl class="meanings">${Object.values(choices).map(({ label, meaning }) => html`<div><dt>${label}</dt><dd>${meaning}</dd></div>`)}</dl>
      <form class="meanings__ways" method="post" action="/consent">
        <input type="hidden" name="back" value="/privacy">
        ${consentButtons()}
      </form>
      <h2>What is kept in your browser</h2>
      <ul>
        <li>Your answer, for ${CONSENT_DAYS} days (<code>${CONSENT_COOKIE}</code>).</li>
        <li>Once you put something into the cart or sign in, a random key to your things, until you close the browser (<code>${SESSION_COOKIE}</code>).</li>
        <li>Only if you let us take notes: a random number of yours (<code>shoptrail_id</code>), one of your cart (<code>shoptrail_cart</code>), and notes that have not reached us yet.</li>
      </ul>
    </div>`,
  });
}
