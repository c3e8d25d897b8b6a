import { html } from 'hono/html';
import { newsletterMarks } from '../shoptrail';

/**
 * The form in the footer. The tag reads it and posts it to the relay; the page's script shows the answer
 * (assets/newsletter-script.ts). Where either is missing the form goes to the shop's server, which says so.
 */
export function newsletterForm() {
  return html`<section class="letters" aria-labelledby="letters">
    <div class="letters__words">
      <h2 id="letters">Letters from the kiln</h2>
      <p id="letters-way">Four a year, when the kiln is opened. First you get one mail that asks you to confirm; only when you do so are you on the list.</p>
    </div>
    <form class="letters__form" method="post" action="/newsletter" data-newsletter ${newsletterMarks.form}>
      <div class="field">
        <label for="letters-email">Mail address</label>
        <input class="letters__input" id="letters-email" name="email" type="email" maxlength="254" autocomplete="email" required aria-describedby="letters-way">
      </div>
      <div class="field">
        <label for="letters-name">First name <span class="letters__optional">(optional)</span></label>
        <input class="letters__input" id="letters-name" name="firstName" type="text" maxlength="60" autocomplete="given-name" ${newsletterMarks.firstName}>
      </div>
      <button class="button">Subscribe</button>
      <p class="letters__answer" role="status" aria-live="polite" tabindex="-1" data-newsletter-answer></p>
      <noscript><p class="letters__answer">This form needs JavaScript.</p></noscript>
    </form>
  </section>`;
}
