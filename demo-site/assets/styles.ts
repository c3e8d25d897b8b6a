import { glazes } from '../art/glazes';

const glazeClasses = Object.entries(glazes)
  .map(([name, { light, base }]) => `.glaze-${name}{background:linear-gradient(135deg,${light},${base} 60%)}`)
  .join('\n');

/** The shop's style sheet, served as /assets/shop.css. */
export const styles = `
:root {
  --paper: #fbf8f2; --card: #fffdf9; --ink: #22302f; --muted: #59645f; --line: #e2d9c9;
  --sea: #1f4b4a; --sea-deep: #163736; --foam: #e8efe8; --clay: #9c4221; --sand: #f1e8d9;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L", Georgia, "Liberation Serif", serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif;
  --gap: clamp(1rem, 2.4vw, 1.75rem);
  --behind: 24rem;
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; background: var(--paper); color: var(--ink); font: 1rem/1.6 var(--sans); }
main { flex: 1; padding-bottom: 3.5rem; outline: none; }
img { display: block; max-width: 100%; height: auto; }
h1, h2, h3 { font-family: var(--serif); font-weight: 600; line-height: 1.15; margin: 0 0 .5em; text-wrap: balance; }
h1 { font-size: clamp(2rem, 4.6vw, 3rem); letter-spacing: -.01em; }
h2 { font-size: clamp(1.45rem, 2.8vw, 1.9rem); }
h3 { font-size: 1.15rem; }
p { margin: 0 0 1em; }
a { color: var(--sea); text-underline-offset: .2em; }
a:hover { color: var(--clay); }
ul[role="list"], ol[role="list"] { list-style: none; margin: 0; padding: 0; }
:focus-visible { outline: 3px solid var(--clay); outline-offset: 3px; border-radius: 4px; }
.wrap { width: 100%; max-width: 76rem; margin-inline: auto; padding-inline: clamp(1rem, 4vw, 2.5rem); }
.narrow { max-width: 42rem; padding-top: 2.5rem; }
.band { padding-top: clamp(2.5rem, 6vw, 4.5rem); }
.muted { color: var(--muted); }
.lead { font-size: 1.125rem; color: var(--muted); max-width: 38rem; text-wrap: pretty; }
.eyebrow { font-size: .8125rem; letter-spacing: .09em; text-transform: uppercase; color: var(--clay); font-weight: 600; margin-bottom: .75rem; }
.visually-hidden, .count[data-zero] { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.icon { fill: none; stroke: currentColor; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; flex: none; }
.skip { position: absolute; left: 1rem; top: -5rem; z-index: 30; padding: .75rem 1rem; background: var(--sea); color: #fff; border-radius: 0 0 8px 8px; }
.skip:focus { top: 0; color: #fff; }

.button { display: inline-flex; align-items: center; justify-content: center; min-height: 2.875rem; padding: .5rem 1.375rem; border: 1.5px solid var(--sea); border-radius: 999px; background: var(--sea); color: #fff; font: 600 1rem/1.25 var(--sans); text-decoration: none; cursor: pointer; transition: background-color .15s, color .15s; }
.button:hover { background: var(--sea-deep); color: #fff; }
.button--quiet { background: transparent; color: var(--sea); }
.button--quiet:hover { background: var(--foam); color: var(--sea-deep); }
.button--small { min-height: 2.75rem; padding: .375rem 1rem; font-size: .9375rem; }
.button--wide { width: 100%; }
.button:disabled { background: #e6e1d7; border-color: #e6e1d7; color: #5f5a50; cursor: not-allowed; }
.link { min-height: 2.75rem; padding: 0 .25rem; border: 0; background: none; color: var(--sea); font: inherit; text-decoration: underline; text-underline-offset: .2em; cursor: pointer; }
.link:hover { color: var(--clay); }
input { font: inherit; color: inherit; }
::placeholder { color: var(--muted); opacity: 1; }
input[type="text"], input[type="email"], input[type="tel"], input[type="number"], input[type="search"] { min-height: 2.875rem; padding: .5rem .875rem; border: 1px solid #8f897b; border-radius: 10px; background: #fff; }
input[type="number"] { width: 5rem; }
input[aria-invalid] { border: 2px solid #a3261b; }

.top { background: var(--card); border-bottom: 1px solid var(--line); }
.top__row { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1.5rem; padding-block: .875rem; }
.brand { display: inline-flex; align-items: center; gap: .5rem; margin: 0; font: 600 1.5rem/1 var(--serif); color: var(--sea); text-decoration: none; letter-spacing: -.01em; }
.brand__bowl { fill: currentColor; }
.brand__wave { fill: none; stroke: #d69d40; stroke-width: 2.4; }
.find { display: flex; flex: 1 1 16rem; max-width: 30rem; margin-inline: auto; position: relative; }
.find input { width: 100%; padding-right: 3.25rem; border-radius: 999px; border-color: #a59d8c; background: var(--paper); }
.find button { position: absolute; right: 0; top: 0; width: 2.875rem; height: 2.875rem; display: grid; place-items: center; border: 0; border-radius: 999px; background: none; color: var(--sea); cursor: pointer; }
.actions { display: flex; gap: .25rem; margin-left: auto; }
.actions a { position: relative; display: inline-flex; align-items: center; gap: .375rem; min-height: 2.75rem; min-width: 2.75rem; padding: 0 .625rem; justify-content: center; color: var(--ink); text-decoration: none; border-radius: 999px; font-size: .9375rem; }
.actions a:hover { background: var(--foam); color: var(--sea-deep); }
.count:not([data-zero]) { min-width: 1.375rem; padding: 0 .375rem; border-radius: 999px; background: var(--clay); color: #fff; font: 600 .8125rem/1.375rem var(--sans); text-align: center; }
.shelves { border-top: 1px solid var(--line); }
.shelves .wrap { display: flex; margin-inline: auto; padding-inline: clamp(1rem, 4vw, 2.5rem); gap: .25rem 1.75rem; overflow-x: auto; scrollbar-width: none; }
.shelves li { flex: none; }
.shelves a { display: block; padding: .75rem 0 .625rem; color: var(--ink); text-decoration: none; border-bottom: 3px solid transparent; }
.shelves a:hover { border-color: #d69d40; color: var(--sea-deep); }
.shelves a[aria-current] { border-color: var(--sea); font-weight: 600; }
.shelves a:focus-visible { outline-offset: -3px; }

.toast { position: fixed; z-index: 20; top: 1rem; left: 50%; width: max-content; max-width: calc(100vw - 2rem); padding: .875rem 1.25rem; border-radius: 12px; background: var(--sea-deep); color: #fff; box-shadow: 0 10px 30px rgb(22 55 54 / .3); transform: translate(-50%, -1rem); opacity: 0; visibility: hidden; transition: opacity .2s, transform .2s, visibility .2s; }
.toast--shown { opacity: 1; visibility: visible; transform: translate(-50%, 0); }
.toast a { color: #f6d9a0; white-space: nowrap; }
main > .notice { margin-block: 1rem; max-width: calc(76rem - 5rem); width: calc(100% - 2 * clamp(1rem, 4vw, 2.5rem)); padding: .75rem 1.125rem; border-radius: 10px; background: var(--foam); color: var(--sea-deep); }

.hero { background: linear-gradient(100deg, #f6ead5, #e6e6d6 60%, #c9d4c7); overflow: hidden; }
.hero__row { display: grid; align-items: center; gap: 0; }
.hero__words { padding-block: clamp(2rem, 5vw, 4rem); }
.hero h1 { font-size: clamp(2.25rem, 5.2vw, 3.625rem); }
.hero .lead { color: #46534f; }
.hero__ways { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.5rem 0 0; }
.hero__picture { width: calc(100% + 2 * clamp(1rem, 4vw, 2.5rem)); max-width: none; margin-inline: calc(-1 * clamp(1rem, 4vw, 2.5rem)); }

.grid { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: clamp(1.5rem, 3vw, 2.25rem) var(--gap); }
.shelf { display: block; position: relative; border-radius: 14px; overflow: hidden; text-decoration: none; background: var(--card); border: 1px solid var(--line); }
.shelf span { display: block; padding: .75rem 1rem .875rem; font: 600 1.0625rem/1.25 var(--serif); color: var(--ink); }
.shelf:hover span { color: var(--clay); text-decoration: underline; text-underline-offset: .2em; }
.shelf img { width: 100%; }

.card { position: relative; height: 100%; }
.card__picture { position: relative; margin-bottom: .75rem; border-radius: 14px; overflow: hidden; background: var(--sand); }
.card__picture img { width: 100%; transition: transform .4s; }
.card:hover .card__picture img { transform: scale(1.03); }
.card__name { margin: 0 0 .125rem; font-size: 1.125rem; line-height: 1.3; }
.card__name a { color: var(--ink); text-decoration: none; }
.card:hover .card__name a { text-decoration: underline; text-decoration-thickness: 1px; }
.card:not(.card--wish) .card__name a::after { content: ""; position: absolute; inset: 0; border-radius: 14px; }
.card:not(.card--wish) .card__name a:focus-visible { outline: none; }
.card:not(.card--wish) .card__name a:focus-visible::after { outline: 3px solid var(--clay); outline-offset: 4px; }
.card p { margin: 0; }
.card__choices { display: flex; align-items: center; gap: .5rem; min-height: 1.75rem; color: var(--muted); font-size: .9375rem; }
.card__ways { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .75rem; margin-top: .75rem; }
.price { font-weight: 600; font-variant-numeric: tabular-nums; }
.price__from { color: var(--muted); }
.price--reduced { color: var(--clay); }
.price__old { margin-left: .25rem; color: var(--muted); }
.badge { position: absolute; left: .75rem; bottom: .75rem; padding: .125rem .625rem; border-radius: 999px; background: var(--ink); color: #fff; font-size: .8125rem; font-weight: 600; }
.badge--sale { background: var(--clay); }
.dots { display: inline-flex; gap: .3125rem; }
.dot { display: inline-block; width: .9375rem; height: .9375rem; border-radius: 50%; border: 1px solid rgb(34 48 47 / .3); }
${glazeClasses}
.wish__button { display: inline-flex; align-items: center; justify-content: center; gap: .5rem; min-height: 2.75rem; border: 0; background: none; color: var(--sea); font: 500 1rem/1.25 var(--sans); cursor: pointer; }
.wish__remove, .wish__button[data-in] .wish__add { display: none; }
.wish__button[data-in] .wish__remove { display: inline; }
.wish__button[data-in] .icon { fill: var(--clay); stroke: var(--clay); }
.wish--card { position: absolute; top: .5rem; right: .5rem; z-index: 1; }
.wish--card .wish__button { width: 2.75rem; padding: 0; border-radius: 50%; background: rgb(255 253 249 / .92); }
.wish--card .wish__button:hover { background: #fff; color: var(--clay); }
.wish--card span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.wish--page { margin-top: .75rem; }
.wish--page .wish__button { padding: 0; }
.wish--page .wish__button:hover { color: var(--clay); text-decoration: underline; text-underline-offset: .2em; }

.crumbs { padding-top: 1rem; font-size: .9375rem; color: var(--muted); }
.crumbs ol { display: flex; flex-wrap: wrap; align-items: baseline; }
.crumbs li + li::before { content: "/"; margin-inline: .5rem; color: #a59d8c; }
.crumbs a { display: inline-block; padding-block: .25rem; color: var(--muted); }
.title { padding-block: clamp(1.25rem, 3vw, 2.25rem) 1.25rem; }
.title h1, .title p { margin-bottom: .375rem; }

.product { display: grid; gap: 1.5rem clamp(1.5rem, 5vw, 4rem); padding-top: 1rem; }
.product__picture img { width: 100%; border-radius: 18px; }
.product h1 { font-size: clamp(2rem, 4vw, 2.75rem); margin-bottom: .375rem; }
.product__price { font-size: 1.5rem; margin: 0; }
.stock { display: flex; align-items: center; gap: .5rem; margin: .25rem 0 1.25rem; color: #2c6142; }
.stock::before { content: ""; width: .625rem; height: .625rem; border-radius: 50%; background: currentColor; }
.stock[data-out] { color: var(--clay); }
.choice { margin: 0 0 1.25rem; padding: 0; border: 0; min-width: 0; }
.choice legend { margin-bottom: .5rem; padding: 0; font-weight: 600; }
.choice__row { display: flex; flex-wrap: wrap; gap: .5rem; }
.pick { position: relative; }
.pick input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: pointer; }
.pick__face { display: inline-flex; align-items: center; gap: .5rem; min-height: 2.75rem; padding: .25rem 1rem; border: 1px solid #a59d8c; border-radius: 999px; background: var(--card); }
.pick__face .dot { width: 1.25rem; height: 1.25rem; }
.pick input:hover + .pick__face { border-color: var(--sea); }
.pick input:checked + .pick__face { border-color: var(--sea); box-shadow: inset 0 0 0 1px var(--sea); background: var(--foam); font-weight: 600; }
.pick input:focus-visible + .pick__face { outline: 3px solid var(--clay); outline-offset: 3px; }
.buy__row { display: flex; flex-wrap: wrap; align-items: center; gap: .75rem; }
.buy__row label { font-weight: 600; }
.buy__row .button { flex: 1 1 11rem; }
.buy noscript .button { margin-bottom: 1.25rem; }
.product__text { margin-top: 1.5rem; padding-top: 1.5rem; border-top: 1px solid var(--line); }
.product__text ul { margin: 0 0 1rem; padding-left: 1.125rem; }
.guide { border-block: 1px solid var(--line); }
.guide summary { padding-block: .75rem; font-weight: 600; cursor: pointer; }
.guide table { width: 100%; margin-bottom: 1rem; border-collapse: collapse; }
.guide th, .guide td { padding: .5rem 0; border-top: 1px solid var(--line); text-align: left; font-weight: 400; }
.guide td { text-align: right; color: var(--muted); }

.empty { padding-block: clamp(3rem, 9vw, 6rem) 1rem; text-align: center; }
.ways { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.75rem; }
.empty .ways { justify-content: center; }
.split { display: grid; gap: 2rem clamp(2rem, 5vw, 4rem); padding-top: clamp(1.75rem, 4vw, 2.75rem); align-items: start; }
.panel { padding: clamp(1.25rem, 3vw, 1.75rem); border: 1px solid var(--line); border-radius: 16px; background: var(--card); }
.panel p:last-child { margin-bottom: 0; }
.lines { border-top: 1px solid var(--line); }
.line { display: grid; grid-template-columns: 5.5rem minmax(0, 1fr) auto; gap: .25rem 1rem; padding-block: 1.125rem; border-bottom: 1px solid var(--line); }
.line img { grid-row: span 2; width: 100%; border-radius: 10px; }
.line p { margin: 0; }
.line__name { margin: 0; font-size: 1.125rem; }
.line__name a { color: var(--ink); }
.line__total { font-weight: 600; font-variant-numeric: tabular-nums; }
.line__ways { grid-column: 2 / -1; display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .5rem; }
.line__ways input { width: 4.25rem; }
.line__ways form { display: flex; align-items: center; gap: .5rem; }
.lines--still { border-top: 0; }
.lines--still .line { grid-template-columns: 4rem minmax(0, 1fr) auto; align-items: center; padding-top: 0; }
.lines--still .line img { grid-row: auto; }
.lines--still .line + .line { padding-top: 1.125rem; }
.totals { margin: 0 0 1rem; }
.totals div, .facts div, .short li { display: flex; justify-content: space-between; gap: 1rem; padding-block: .3125rem; }
.totals dd, .facts dd { margin: 0; text-align: right; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.totals__sum { margin-top: .5rem; border-top: 1px solid var(--line); font-size: 1.1875rem; font-weight: 600; }
.totals__sum.totals__sum { padding-top: .75rem; }
.lines--still + .totals { margin: 1rem 0 0; }
.short { margin-bottom: 1rem; padding-bottom: .75rem; border-bottom: 1px solid var(--line); }
.short li span:last-child { font-variant-numeric: tabular-nums; white-space: nowrap; }
.facts { margin: 0 0 1.75rem; }
.facts div { padding-block: .75rem; border-bottom: 1px solid var(--line); }
.facts dt { color: var(--muted); }

.form { display: flex; flex-wrap: wrap; gap: 1.125rem; margin-top: 1.5rem; }
.form > * { flex: 1 1 100%; }
.form > .button { flex: 0 1 auto; min-width: 9rem; }
.form > .button--wide { flex: 1 1 100%; }
.form .choice { margin: 0; }
.field--half { flex: 1 1 10rem; }
.field label { display: block; margin-bottom: .25rem; font-weight: 600; }
.field label .muted { font-weight: 400; }
.field input { width: 100%; }
.field__hint { margin: -.125rem 0 .375rem; color: var(--muted); font-size: .9375rem; }
.field__problem { margin: .375rem 0 0; color: #a3261b; font-size: .9375rem; }
.problems { margin-block: 1.25rem; padding: 1rem 1.25rem; border: 2px solid #a3261b; border-radius: 12px; background: #fdf3ef; }
.problems__title { font-size: 1.125rem; margin-bottom: .375rem; }
.problems ul { margin: 0; padding-left: 1.125rem; }
.problems a { color: #a3261b; }

.promises { margin-top: clamp(3rem, 7vw, 5rem); padding-block: clamp(2rem, 5vw, 3.25rem); background: var(--sand); }
.promises .wrap { display: grid; gap: 1.5rem var(--gap); }
.promises p { margin: 0; color: #4d5853; }
main:has(> .promises:last-child) { padding-bottom: 0; }

.bottom { background: var(--sea-deep); color: #dce6df; }
.bottom__row { display: grid; gap: 2rem var(--gap); padding-block: clamp(2.25rem, 5vw, 3.25rem); }
.bottom h2 { margin-bottom: .625rem; font-size: 1.0625rem; color: #fff; }
.bottom a { color: #f1dfbd; }
.bottom a:hover { color: #fff; }
.bottom :focus-visible { outline-color: #f6d9a0; }
.bottom li a { display: inline-block; padding-block: .25rem; text-decoration: none; }
.bottom li a:hover { text-decoration: underline; }
.bottom p { max-width: 26rem; margin: 0; }
.brand--small.brand--small { margin-bottom: .75rem; color: #fff; font-size: 1.25rem; }
.bottom__end { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: .25rem 1.5rem; padding-block: 1.125rem; font-size: .9375rem; }
.bottom__line { border-top: 1px solid rgb(255 255 255 / .16); }
.bottom .link { min-height: 0; padding: .25rem 0; color: #f1dfbd; }
.bottom .link:hover { color: #fff; }

.letters { display: grid; gap: 1.25rem clamp(2rem, 5vw, 4rem); padding-block: clamp(2.25rem, 5vw, 3.25rem) 1rem; border-bottom: 1px solid rgb(255 255 255 / .16); }
.bottom .letters h2 { font-size: clamp(1.45rem, 2.8vw, 1.9rem); margin-bottom: .5rem; }
.letters__form { display: flex; flex-wrap: wrap; align-items: end; gap: .875rem 1rem; }
.letters__form .field { flex: 1 1 13rem; }
.letters__form input.letters__input { border-color: #fff; color: var(--ink); }
.letters__optional { font-weight: 400; }
.letters .button { flex: 0 0 auto; border-color: #f6d9a0; background: #f6d9a0; color: var(--sea-deep); }
.letters .button:hover { border-color: #fff; background: #fff; color: var(--sea-deep); }
.letters .button:disabled { border-color: #b9c4bd; background: #b9c4bd; color: var(--sea-deep); }
.bottom .letters__answer { flex: 1 1 100%; max-width: none; min-height: 3.2em; }
.letters__answer[data-outcome] { color: #fff; font-weight: 600; }
.letters__answer[data-outcome="refused"], .letters__answer[data-outcome="open"] { color: #ffc9b8; }

.consent { position: fixed; z-index: 15; inset: auto 0 0; max-height: 75vh; overflow-y: auto; background: var(--card); border-top: 1px solid #a59d8c; box-shadow: 0 -8px 30px rgb(22 55 54 / .16); }
.consent[hidden] { display: none; }
.consent:focus-visible { outline-offset: -3px; border-radius: 0; }
.consent__row { position: relative; display: grid; gap: .875rem clamp(1.5rem, 4vw, 3rem); padding-block: 1rem 1.125rem; }
.consent h2 { margin-bottom: .25rem; font-size: 1.25rem; }
.consent p { margin: 0; font-size: .9375rem; line-height: 1.5; text-wrap: pretty; }
.consent__ways, .meanings__ways { display: grid; gap: .5rem; }
.consent .button, .meanings__ways .button { padding-inline: .5rem; }
.consent__close { position: absolute; top: .5rem; min-height: 1.75rem; right: clamp(1rem, 4vw, 2.5rem); }
/* What lies behind the banner can be scrolled to, also by the keyboard. */
html:has(.consent:not([hidden])) { padding-bottom: var(--behind); scroll-padding-bottom: var(--behind); }
html:has(.consent:not([hidden])) .bottom { box-shadow: 0 var(--behind) var(--sea-deep); }
.meanings { margin: 0 0 1.5rem; }
.meanings div { padding-block: .75rem; border-bottom: 1px solid var(--line); }
.meanings dt { font-weight: 600; }
.meanings dd { margin: 0; color: var(--muted); }
.meanings__ways { margin-bottom: 2.5rem; }
.bottom__end p { max-width: none; }

@media (max-width: 47.99rem) {
  .actions__text { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .actions { margin-right: -.625rem; gap: 0; }
  .actions .count:not([data-zero]) { position: absolute; top: .125rem; right: 0; min-width: 1.1875rem; padding: 0 .25rem; font-size: .75rem; line-height: 1.1875rem; }
  .find { order: 3; flex-basis: 100%; max-width: none; }
  .shelves .wrap { gap: 1.5rem; }
  .toast { width: calc(100vw - 2rem); }
}
@media (min-width: 24rem) {
  :root { --behind: 17rem; }
  .consent__ways { grid-template-columns: repeat(3, minmax(0, 1fr)); }
}
@media (min-width: 48rem) {
  .toast { top: 4.75rem; left: auto; right: clamp(1rem, 4vw, 2.5rem); transform: translateY(-1rem); }
  .toast--shown { transform: none; }
  .hero__row { grid-template-columns: minmax(0, 1fr) minmax(0, 1.15fr); gap: clamp(1.5rem, 4vw, 4rem); }
  .hero__picture { width: 100%; max-width: 100%; margin: clamp(1.5rem, 3vw, 2.5rem) 0; border-radius: 18px; box-shadow: 0 18px 50px rgb(58 44 32 / .16); }
  .grid { grid-template-columns: repeat(4, minmax(0, 1fr)); }
  .product { grid-template-columns: minmax(0, 1.1fr) minmax(0, 1fr); align-items: start; }
  .product__picture { position: sticky; top: 1.5rem; }
  .split { grid-template-columns: minmax(0, 1.6fr) minmax(18rem, 1fr); }
  .promises .wrap { grid-template-columns: repeat(3, minmax(0, 1fr)); }
  .bottom__row { grid-template-columns: minmax(0, 1.4fr) minmax(0, 1fr) minmax(0, 1.4fr); }
  .letters { grid-template-columns: minmax(0, 1fr) minmax(0, 1.6fr); }
  .meanings__ways { grid-template-columns: repeat(3, minmax(0, 1fr)); }
  :root { --behind: 15rem; }
}
@media (min-width: 70rem) {
  .consent__row { grid-template-columns: minmax(0, 1fr) auto; align-items: center; }
  .consent__ways { grid-template-columns: repeat(3, 11.5rem); }
  :root { --behind: 11.5rem; }
}
@media (prefers-reduced-motion: reduce) {
  * { transition: none !important; }
}
`;
