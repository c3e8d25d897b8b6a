import { html, raw } from 'hono/html';
import { MAX_QUANTITY } from '../cart';
import {
  categoryOf,
  chooseVariant,
  type Item,
  itemName,
  itemUrl,
  type OptionName,
  optionLabel,
  optionsOf,
  type Product,
  pictureUrl,
  type Variant,
} from '../catalogue';
import { showPage } from '../layout';
import { formatPrice } from '../money';
import { variantPrice } from '../parts/price';
import { companions, recommendations } from '../parts/recommendations';
import { wishForm } from '../parts/wish';
import type { Session } from '../session';
import { productValue, scriptJson } from '../shoptrail';
import { readSession, type ShopContext } from '../visit';

/** What the page script needs to switch to a variant without a request. */
function variantFacts(item: Item, session: Session) {
  const { variant } = item;
  return {
    options: variant.options,
    name: itemName(item),
    url: itemUrl(item),
    picture: pictureUrl(variant),
    price: formatPrice(variant.price),
    oldPrice: variant.oldPrice ? formatPrice(variant.oldPrice) : '',
    inStock: variant.inStock,
    inWishlist: session.wishlist.has(variant.id),
    product: productValue(item),
  };
}

function optionChoice(product: Product, chosen: Variant, name: OptionName, values: string[]) {
  const glazeOf = (value: string) => product.variants.find(variant => variant.options[name] === value)!.glaze;
  return html`<fieldset class="choice">
    <legend>${optionLabel(name)}</legend>
    <div class="choice__row">${values.map(
      value => html`<label class="pick">
        <input type="radio" name="${name}" value="${value}"${chosen.options[name] === value && html` checked`}>
        <span class="pick__face">${name === 'color' && html`<span class="dot glaze-${glazeOf(value)}"></span>`}${value}</span>
      </label>`,
    )}</div>
  </fieldset>`;
}

function buyForm(item: Item) {
  const { product, variant } = item;
  const options = optionsOf(product);
  return html`<form class="buy" method="post" action="/cart/add" data-enhance="cart">
    <input type="hidden" name="product" value="${product.slug}">
    ${options.map(({ name, values }) => optionChoice(product, variant, name, values))}
    ${options.length > 0 && html`<noscript><button class="button button--quiet" formmethod="get" formaction="/product/${product.slug}">Show this choice</button></noscript>`}
    <div class="buy__row">
      <label for="quantity">Quantity</label>
      <input id="quantity" name="quantity" type="number" inputmode="numeric" min="1" max="${MAX_QUANTITY}" value="1" required>
      <button class="button" data-buy${!variant.inStock && html` disabled`}>${variant.inStock ? 'Add to cart' : 'Sold out'}</button>
    </div>
  </form>`;
}

/** A product with the variant that the address names. */
export function productPage(c: ShopContext, product: Product) {
  const session = readSession(c);
  const variant = chooseVariant(product, { color: c.req.query('color'), size: c.req.query('size') });
  const item = { product, variant };
  const category = categoryOf(product);
  const facts = product.variants.map(each => variantFacts({ product, variant: each }, session));
  return showPage(c, {
    title: product.name,
    description: product.summary,
    category: product.category,
    content: html`<div class="wrap">
      <nav class="crumbs" aria-label="Breadcrumb"><ol role="list"><li><a href="/">Home</a></li><li><a href="/category/${category.slug}">${category.name}</a></li><li aria-current="page">${product.name}</li></ol></nav>
      <article class="product" data-shoptrail-product="${JSON.stringify(productValue(item))}">
        <div class="product__picture"><img data-picture src="${pictureUrl(variant)}" alt="${itemName(item)}" width="480" height="480"></div>
        <div class="product__words">
          <h1>${product.name}</h1>
          <p class="lead">${product.summary}</p>
          <div aria-live="polite" aria-atomic="true">
          <p class="product__price" data-prices>${variantPrice(variant)}</p>
          <p class="stock" data-stock${!variant.inStock && html` data-out`}>${variant.inStock ? 'In stock, leaves on Thursday' : 'Sold out until the next kiln'}</p>
          </div>
          ${buyForm(item)}
          ${wishForm(item, session, 'page', itemUrl(item))}
          <div class="product__text">
            <p>${product.description}</p>
            <ul>${product.details.map(detail => html`<li>${detail}</li>`)}</ul>
            ${
              product.sizeGuide &&
              html`<details class="guide" data-guide="${category.id}"><summary>Size guide</summary>
              <table><tbody>${product.sizeGuide.map(({ label, value }) => html`<tr><th scope="row">${label}</th><td>${value}</td></tr>`)}</tbody></table></details>`
            }
          </div>
        </div>
      </article>
      <script type="application/json" id="variants" nonce="${c.get('nonce')}">${raw(scriptJson(facts))}</script>
    </div>
    ${recommendations('r14v2', 'Goes well with it', companions(product), session, itemUrl(item))}`,
  });
}
