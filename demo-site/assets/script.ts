import { consentScript } from './consent-script';
import { newsletterScript } from './newsletter-script';

/**
 * The shop's own script, served as /assets/shop.js. Without it every form works by a page load; with it the
 * cart and wishlist buttons, the variant switch, the consent banner and the newsletter form work in place. It writes no markup (Trusted Types).
 */
export const script = `(() => {
  'use strict';
  const find = selector => document.querySelector(selector);
  const toast = find('#toast');
  const cartLink = find('[data-shoptrail-cart]');
  let hideToast;

  function say(message, link) {
    toast.textContent = message;
    if (link) {
      const a = document.createElement('a');
      a.href = link.href;
      a.textContent = link.text;
      toast.append(' ', a);
    }
    toast.classList.add('toast--shown');
    clearTimeout(hideToast);
    hideToast = setTimeout(() => toast.classList.remove('toast--shown'), 6000);
  }

  function showCount(name, count) {
    const badge = find('[data-count="' + name + '"]');
    badge.textContent = count;
    badge.toggleAttribute('data-zero', count === 0);
  }

  function showHeader(state) {
    if (state.cart) {
      showCount('cart', state.cart.count);
      cartLink.setAttribute('data-shoptrail-cart', JSON.stringify(state.cart.value));
    }
    if (state.wishlist) showCount('wishlist', state.wishlist.count);
  }

  // The tag reads data-shoptrail-wishlist at a click, so the attribute is there only while a click adds.
  function showWish(form, isIn, product) {
    const button = form.querySelector('button');
    button.toggleAttribute('data-in', isIn);
    if (isIn) button.removeAttribute('data-shoptrail-wishlist');
    else button.setAttribute('data-shoptrail-wishlist', JSON.stringify(product));
    form.elements.productId.value = product.productId;
    form.elements.wanted.value = isIn ? 'no' : 'yes';
  }

  const afterwards = {
    cart: (form, result) => say(result.message, { href: '/cart', text: 'See the cart' }),
    wish: (form, result, wanted) => {
      const isIn = wanted === 'yes';
      const shown = variants.find(variant => variant.product.productId === result.product.productId);
      if (shown) shown.inWishlist = isIn;
      // Meanwhile another variant may have been chosen.
      if (form.elements.productId.value === result.product.productId) showWish(form, isIn, result.product);
      say(result.message);
    },
  };

  document.addEventListener('submit', async event => {
    const form = event.target;
    const kind = form.dataset.enhance;
    if (!kind || event.submitter?.hasAttribute('formaction')) return;
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = 'yes';
    const body = new URLSearchParams(new FormData(form));
    try {
      const answer = await fetch(form.getAttribute('action'), {
        method: 'POST',
        headers: { accept: 'application/json' },
        body,
      });
      const result = await answer.json();
      showHeader(result);
      if (answer.ok) afterwards[kind](form, result, body.get('wanted'));
      else say(result.message);
    } catch {
      say('The shop cannot be reached. Try again in a moment.');
    } finally {
      delete form.dataset.busy;
    }
  });

  const data = find('#variants');
  const variants = data ? JSON.parse(data.textContent) : [];
  const product = find('[data-shoptrail-product]');
  let current = product && JSON.parse(product.getAttribute('data-shoptrail-product'));

  function element(name, className, ...children) {
    const made = document.createElement(name);
    made.className = className;
    made.append(...children);
    return made;
  }

  function showVariant(variant) {
    current = variant.product;
    const picture = find('[data-picture]');
    picture.src = variant.picture;
    picture.alt = variant.name;
    const price = element('span', variant.oldPrice ? 'price price--reduced' : 'price', variant.price);
    price.dataset.price = '';
    find('[data-prices]').replaceChildren(
      price,
      ...(variant.oldPrice
        ? [' ', element('s', 'price__old', element('span', 'visually-hidden', 'was '), variant.oldPrice)]
        : []),
    );
    const stock = find('[data-stock]');
    stock.textContent = variant.inStock ? 'In stock, leaves on Thursday' : 'Sold out until the next kiln';
    stock.toggleAttribute('data-out', !variant.inStock);
    const buy = find('[data-buy]');
    buy.disabled = !variant.inStock;
    buy.textContent = variant.inStock ? 'Add to cart' : 'Sold out';
    const wish = find('.wish--page');
    wish.elements.back.value = variant.url;
    showWish(wish, variant.inWishlist, variant.product);
    history.replaceState(history.state, '', variant.url);
    product.setAttribute('data-shoptrail-product', JSON.stringify(variant.product));
  }

  find('.buy')?.addEventListener('change', event => {
    if (event.target.type !== 'radio') return;
    const chosen = new FormData(event.currentTarget);
    const variant = variants.find(each =>
      Object.entries(each.options).every(([name, value]) => chosen.get(name) === value),
    );
    if (variant) showVariant(variant);
  });

  find('[data-guide]')?.addEventListener(
    'toggle',
    event => {
      const details = { productId: current.productId, guide: event.target.dataset.guide };
      window.shoptrail?.track('sizeGuideOpened', details);
    },
    { once: true },
  );

  // A page that comes back from the back/forward cache shows the cart as it was then.
  addEventListener('pageshow', async event => {
    if (!event.persisted) return;
    const answer = await fetch('/cart.json').catch(() => undefined);
    if (answer?.ok) showHeader(await answer.json());
  });
${consentScript}${newsletterScript}})();
`;
