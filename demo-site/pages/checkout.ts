import { html } from 'hono/html';
import { cartLines, cartTotals } from '../cart';
import { itemName } from '../catalogue';
import type { Fields, Problems } from '../fields';
import { showPage } from '../layout';
import { formatPrice } from '../money';
import { field, problemSummary } from '../parts/field';
import { totalsList } from '../parts/totals';
import { readSession, type ShopContext } from '../visit';

/** The checkout form, with what was typed and what is wrong with it after a refusal. */
export function checkoutPage(c: ShopContext, typed: Fields = {}, problems: Problems = {}) {
  const { cart, customer } = readSession(c);
  const fields = { email: customer?.email ?? '', ...typed };
  return showPage(c, {
    title: 'Checkout',
    content: html`<div class="wrap split">
      <div>
        <h1>Checkout</h1>
        ${!customer && html`<p class="muted">Been here before? <a href="/sign-in?next=/checkout">Sign in</a> first.</p>`}
        ${problemSummary(problems)}
        <form class="form" id="checkout" method="post" action="/checkout" novalidate>
          ${field('email', 'Email', fields, problems, { type: 'email', autocomplete: 'email' })}
          ${field('name', 'Full name', fields, problems, { autocomplete: 'name' })}
          ${field('street', 'Street and number', fields, problems, { autocomplete: 'street-address' })}
          ${field('postcode', 'Postcode', fields, problems, { autocomplete: 'postal-code', half: true })}
          ${field('city', 'Town or city', fields, problems, { autocomplete: 'address-level2', half: true })}
          <fieldset class="choice"><legend>Payment</legend><div class="choice__row">
            <label class="pick"><input type="radio" name="payment" value="invoice" checked><span class="pick__face">Invoice</span></label>
            <label class="pick"><input type="radio" name="payment" value="delivery"><span class="pick__face">On delivery</span></label>
          </div></fieldset>
          <button class="button button--wide">Place order</button>
        </form>
      </div>
      <aside class="panel" aria-label="Order summary">
        <ul class="short" role="list">${cartLines(cart).map(line => html`<li><span>${line.quantity} × ${itemName(line)}</span> <span>${formatPrice(line.total)}</span></li>`)}</ul>
        ${totalsList(cartTotals(cart))}
        <p><a href="/cart">Change the cart</a></p>
      </aside>
    </div>`,
  });
}
