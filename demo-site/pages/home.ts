import { html } from 'hono/html';
import { categories, findItem, pictureUrl } from '../catalogue';
import { showPage } from '../layout';
import { favouriteItems, recommendations } from '../parts/recommendations';
import { readSession, type ShopContext } from '../visit';

/** The front page: what we are, the shelves, what we recommend. */
export function homePage(c: ShopContext) {
  return showPage(c, {
    description: 'Stoneware for every day and loose tea worth waiting for.',
    content: html`<section class="hero">
      <div class="wrap hero__row">
        <div class="hero__words">
          <p class="eyebrow">Spring kiln, opened Monday</p>
          <h1>Pots for the tea you drink every day</h1>
          <p class="lead">Stoneware thrown thin and fired slowly, and four loose teas to keep it busy. Nothing here is too good to use.</p>
          <p class="hero__ways"><a class="button" href="/category/mugs">See the mugs</a> <a class="button button--quiet" href="/category/tea">Choose a tea</a></p>
        </div>
        <img class="hero__picture" src="/img/shelf.svg" alt="Two wooden shelves with tea tins, teapots, cups and a bowl of noodles in morning light" width="960" height="720">
      </div>
    </section>
    <section class="wrap band" aria-labelledby="shelves">
      <h2 id="shelves">Four shelves</h2>
      <ul class="grid grid--shelves" role="list">${categories.map(
        ({ slug, name, pictureOf }) =>
          html`<li><a class="shelf" href="/category/${slug}"><img src="${pictureUrl(findItem(pictureOf)!.variant)}" alt="" width="480" height="480"><span>${name}</span></a></li>`,
      )}</ul>
    </section>
    ${recommendations('r12v34', 'Picked for this week', favouriteItems(), readSession(c), '/')}
    <section class="promises"><div class="wrap">
      <h2 class="visually-hidden">How we work</h2>
      <div><h3>Made to be used</h3><p>Every glaze goes through the dishwasher two hundred times before it goes on a shelf.</p></div>
      <div><h3>Packed in straw</h3><p>No plastic, no foam. If a pot breaks on the way, we throw you another.</p></div>
      <div><h3>One harvest a year</h3><p>We buy tea in spring and sell it until it is gone. Then there is mint.</p></div>
    </div></section>`,
  });
}
