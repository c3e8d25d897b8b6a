import { html } from 'hono/html';
import { type ConsentAnswer, choices } from '../consent';

/** The three buttons. They look alike: none of the answers is made easier than another. */
export function consentButtons() {
  return Object.entries(choices).map(
    ([answer, { label, consent }]) =>
      html`<button class="button" name="answer" value="${answer}" data-consent="${JSON.stringify(consent)}">${label}</button>`,
  );
}

/**
 * The question, fixed at the lower edge; the page goes on above it. After an answer it is there but hidden, so that
 * the page's script can open it again (assets/consent-script.ts).
 *
 * @param back where an answer without the page's script leads
 */
export function consentBanner(answer: ConsentAnswer | undefined, back: string) {
  return html`<section class="consent" id="consent" aria-labelledby="consent-title" tabindex="-1" data-answer="${answer ?? ''}"${answer && html` hidden`}>
    <div class="wrap consent__row">
      <div class="consent__words">
        <h2 id="consent-title">May we take notes?</h2>
        <p>We would like to note what you look at, search for and put into the cart, and to join it with your name once you sign in.</p>
        <p><span data-consent-pending${answer && html` hidden`}>Until you answer, nothing is noted.</span><span data-consent-now${!answer && html` hidden`}>Your answer: <strong>${answer && choices[answer].label}</strong>.</span> <a href="/privacy">Details</a></p>
      </div>
      <form class="consent__ways" method="post" action="/consent">
        <input type="hidden" name="back" value="${back}">
        ${consentButtons()}
      </form>
      <button class="link consent__close" type="button" data-consent-close${!answer && html` hidden`}>Close<span class="visually-hidden"> without changing your answer</span></button>
    </div>
  </section>`;
}

/** The permanent way back to the question. Without the page's script it leads to a page with the same buttons. */
export function privacyChoices() {
  return html`<form action="/privacy"><button class="link" data-consent-open>Privacy choices</button></form>`;
}
