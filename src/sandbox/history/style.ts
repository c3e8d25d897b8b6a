/** The style of the history pages: one column on a phone, two beside each other on a desk; light and dark. */
export const STYLE = `
:root {
  --paper: #f6f7f9; --card: #fff; --ink: #16202e; --soft: #566273; --line: #dfe3e9; --hover: #f0f4fb;
  --link: #1d4ed8; --accent: #1d4ed8; --on-accent: #fff; --warn: #8a3b00; --warn-bg: #fdefdc; --good: #14683a;
  --fresh: #fff6c9; --code: #f2f4f7; --key: #1d4ed8; --str: #14683a; --lit: #9a3412;
  --page: #475569; --product: #1d4ed8; --category: #0f766e; --cart: #b45309; --shown: #7e22ce;
  --wish: #be185d; --search: #15803d; --form: #4338ca; --custom: #52525b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #0f141b; --card: #171e28; --ink: #e8edf4; --soft: #a3afbf; --line: #2a3441; --hover: #1e2836;
    --link: #93b8ff; --accent: #2f63e0; --warn: #ffcf99; --warn-bg: #3d2a14; --good: #7ddba2;
    --fresh: #33330f; --code: #10161e; --key: #93b8ff; --str: #86dca6; --lit: #ffb38a;
    --page: #a3b2c7; --product: #8ab2ff; --category: #5fd0c5; --cart: #f5b55e; --shown: #cf9dff;
    --wish: #ff93c1; --search: #7bdb97; --form: #aaa4ff; --custom: #b4b4bd;
  }
}
*, *::before, *::after { box-sizing: border-box }
html { -webkit-text-size-adjust: 100% }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif }
a { color: var(--link); text-underline-offset: .18em }
code, pre { font: 13px/1.55 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace }
code { overflow-wrap: anywhere }
h1, h2, h3 { line-height: 1.25; margin: 0; text-wrap: balance; overflow-wrap: anywhere }
h1 { font-size: 1.5rem; letter-spacing: -.01em; display: flex; align-items: center; gap: .6rem; min-width: 0 }
h1 > span:last-child { min-width: 0 }
h2 { font-size: 1.05rem; margin: 1.6rem 0 .6rem }
h3 { font-size: .85rem; color: var(--soft); font-weight: 600; margin: 1.2rem 0 .4rem }
ol, ul { list-style: none; margin: 0; padding: 0 }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px }
main:focus { outline: none }
.hidden { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%) }
.skip { position: absolute; left: 1rem; top: -4rem; background: var(--card); padding: .6rem 1rem; z-index: 2; border-radius: 0 0 8px 8px }
.skip:focus { top: 0 }
.quiet { color: var(--soft) }
h1 .quiet { font-weight: 400 }

.top { background: var(--card); border-bottom: 1px solid var(--line) }
.bar { max-width: 1240px; margin: 0 auto; padding: .6rem 1rem; display: flex; flex-wrap: wrap; align-items: center; gap: .4rem 2rem }
.brand { display: flex; align-items: center; gap: .65rem; color: inherit; text-decoration: none; font-weight: 700; font-size: 1.05rem; line-height: 1.2 }
.brand small { display: block; font-weight: 400; font-size: .78rem; color: var(--soft) }
.bar nav { display: flex; gap: .25rem; margin-left: auto }
.bar nav a { padding: .5rem .8rem; min-height: 40px; display: flex; align-items: center; gap: .4rem; border-radius: 8px; color: inherit; text-decoration: none; font-weight: 500 }
.bar nav a:hover { background: var(--hover) }
.bar nav a[aria-current] { background: var(--accent); color: var(--on-accent) }
.bar nav .count { background: var(--warn-bg); color: var(--warn); border-radius: 99px; padding: 0 .5em; font-size: .8rem }
.bar nav .count[hidden] { display: none }
main { max-width: 1240px; margin: 0 auto; padding: 1.25rem 1rem 2rem }
footer { max-width: 1240px; margin: 0 auto; padding: 0 1rem 2rem; color: var(--soft); font-size: .85rem }
.columns { display: grid; gap: 1.5rem; grid-template-columns: minmax(0, 1fr) }
.heading { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .6rem 1rem; margin-bottom: .8rem }
.heading h2 { margin: 1.2rem 0 0 }
.lead { margin: -.2rem 0 1rem; color: var(--soft); overflow-wrap: anywhere }
.crumbs { margin: 0 0 .6rem; color: var(--soft); font-size: .9rem }
.button, button { font: inherit; font-weight: 500; color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .35rem .9rem; min-height: 36px; cursor: pointer; text-decoration: none; display: inline-block }
.button:hover, button:hover { background: var(--hover) }
button[aria-pressed=true] { background: var(--accent); border-color: var(--accent); color: var(--on-accent) }
.more { text-align: center }

[data-kind=page] { --hue: var(--page) } [data-kind=product] { --hue: var(--product) } [data-kind=category] { --hue: var(--category) }
[data-kind=cart] { --hue: var(--cart) } [data-kind=shown] { --hue: var(--shown) } [data-kind=wish] { --hue: var(--wish) }
[data-kind=search] { --hue: var(--search) } [data-kind=form] { --hue: var(--form) } [data-kind=custom] { --hue: var(--custom) }
.dot { width: .7em; height: .7em; border-radius: 50%; background: var(--hue, var(--soft)); flex: none; display: inline-block }
.badge { font-size: .78rem; line-height: 1.5; white-space: nowrap; border: 1px solid var(--line); color: var(--soft); border-radius: 99px; padding: 0 .6em; background: var(--card); font-weight: 500 }
.badge.warn { color: var(--warn); background: var(--warn-bg); border-color: transparent }
.badge.joined { border-style: dashed; border-color: var(--shown); color: var(--shown) }
.badge.how { color: var(--good) }

.types h2 { margin: 0 0 .5rem; font-size: .85rem; color: var(--soft) }
.types ul { display: flex; gap: .4rem; overflow-x: auto; margin: 0 -1rem; padding: 3px 1rem .4rem; scrollbar-width: thin }
.types a { display: flex; align-items: center; gap: .55rem; padding: .4rem .7rem; min-height: 40px; color: inherit; text-decoration: none; border: 1px solid var(--line); background: var(--card); border-radius: 8px; white-space: nowrap }
.types a:hover { background: var(--hover) }
.types a[aria-current] { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); font-weight: 600 }
.types .name { overflow: hidden; text-overflow: ellipsis }
.types .count { color: var(--soft); font-variant-numeric: tabular-nums; margin-left: auto; padding-left: .4rem }

.live { display: flex; align-items: center; gap: .8rem }
.live[hidden] { display: none }
.state { display: inline-flex; align-items: center; gap: .5rem; color: var(--soft); font-variant-numeric: tabular-nums }
.pulse { width: .65rem; height: .65rem; border-radius: 50%; background: var(--soft) }
.live[data-state=on] .pulse { background: #16a34a; animation: pulse 2s infinite }
.live[data-state=paused] .pulse { background: #d97706 }
@keyframes pulse { 50% { opacity: .35 } }
@keyframes fresh { from { background: var(--fresh) } }

.rows, .timeline, .refusals, .cards { background: var(--card); border: 1px solid var(--line); border-radius: 12px; overflow: hidden }
.rows:empty, .cards:empty { display: none }
.row { position: relative; display: grid; gap: .1rem .8rem; padding: .65rem .9rem; grid-template: "type time" "summary summary" "who badges" / minmax(0, 1fr) auto; align-items: center }
.row + .row, .refusals li + li, .card + .card { border-top: 1px solid var(--line) }
.row:hover { background: var(--hover) }
.row .open { grid-area: type; color: inherit; text-decoration: none; min-width: 0 }
.row .open::after, .card .open::after { content: ""; position: absolute; inset: 0 }
.row .open:focus-visible { outline: none }
.row .open:focus-visible::after, .card .open:focus-visible::after { outline: 3px solid var(--accent); outline-offset: -3px; border-radius: 8px }
.row time { grid-area: time }
.row .summary { grid-area: summary }
.row .who { grid-area: who; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.row .who a { position: relative; z-index: 1; padding: .2rem 0 }
.row[data-tie=anonymous] .who, .row[data-tie=none] .who { color: var(--soft) }
.row[data-tie=joined] .who a { text-decoration-style: dashed }
.row .badges { grid-area: badges; justify-content: flex-end }
.badges { display: flex; flex-wrap: wrap; gap: .3rem }
.badges:empty { display: none }
.summary { overflow-wrap: anywhere; color: var(--ink); display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden }
time { color: var(--soft); font-variant-numeric: tabular-nums; font-size: .9rem; white-space: nowrap }
.chip { display: inline-block; max-width: 100%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; vertical-align: bottom; font-weight: 600; font-size: .9rem; color: var(--hue, var(--ink)); background: color-mix(in srgb, var(--hue, var(--soft)) 11%, transparent); padding: .05rem .55rem; border-radius: 6px }
.is-new { animation: fresh 2.5s ease-out }

.empty { background: var(--card); border: 1px dashed var(--line); border-radius: 12px; padding: 1.4rem; margin: 0 }
.empty p { margin: 0 0 1rem; max-width: 60ch }
pre { background: var(--code); border: 1px solid var(--line); border-radius: 8px; padding: .8rem 1rem; margin: 0; overflow: auto; max-height: 70vh; tab-size: 2 }
.key { color: var(--key) } .str { color: var(--str) } .lit { color: var(--lit) }

.facts, .params { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 12px }
.facts > div, .params > div { padding: .6rem .9rem; display: grid; gap: .1rem 1rem }
.facts > div + div, .params > div + div { border-top: 1px solid var(--line) }
dt { color: var(--soft); font-size: .85rem }
dd { margin: 0; min-width: 0; overflow-wrap: anywhere }
.params dt { color: var(--ink); font-weight: 600; font-size: .9rem; overflow-wrap: anywhere }

.card { position: relative; padding: .8rem .9rem; display: grid; gap: .3rem 1rem; grid-template-columns: minmax(0, 1fr) auto; align-items: center }
.card:hover { background: var(--hover) }
.card .open { color: inherit; text-decoration: none; display: flex; align-items: center; gap: .7rem; overflow-wrap: anywhere; min-width: 0 }
.card .open:focus-visible { outline: none }
.card .quiet { grid-column: 1 / -1; font-size: .9rem }
.ids { display: flex; flex-wrap: wrap; gap: .1rem 1rem }
.avatar { flex: none; width: 2rem; height: 2rem; border-radius: 50%; display: grid; place-items: center; font-size: .95rem; font-weight: 700; background: color-mix(in srgb, var(--accent) 16%, transparent); color: var(--link) }

.timeline li { position: relative; display: grid; gap: .1rem .7rem; padding: .6rem .9rem; align-items: baseline; grid-template: "dot type time" "dot summary summary" "dot badges badges" / auto minmax(0, 1fr) auto }
.timeline li + li { border-top: 1px solid var(--line) }
.timeline .dot { grid-area: dot; align-self: start; margin-top: .45rem }
.timeline .is-joined .dot { background: transparent; border: 2px solid var(--hue) }
.timeline .open { grid-area: type; font-weight: 600; color: inherit; overflow-wrap: anywhere }
.timeline time { grid-area: time } .timeline .summary { grid-area: summary; color: var(--soft) } .timeline .badges { grid-area: badges }
.timeline .badges { margin-top: .25rem }

.tiles { display: flex; flex-wrap: wrap; gap: .7rem }
.tiles li { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: .7rem 1.1rem; min-width: 7rem }
.tiles strong { display: block; font-size: 1.5rem; line-height: 1.2; font-variant-numeric: tabular-nums }
.tiles .good strong { color: var(--good) } .tiles .bad strong { color: var(--warn) }
.refusals li { padding: .7rem .9rem }
.refusals p { margin: .2rem 0 0; overflow-wrap: anywhere }

@media (max-width: 620px) {
  .bar nav { width: 100%; margin: 0 }
  .bar nav a { flex: 1; justify-content: center }
  h1 { font-size: 1.3rem }
}
@media (min-width: 900px) {
  main { padding-top: 1.75rem }
  .columns { grid-template-columns: 262px minmax(0, 1fr); gap: 2rem; align-items: start }
  .columns.wide { grid-template-columns: 330px minmax(0, 1fr) }
  .columns.wide > section:last-child > h2 { margin-top: 0 }
  .types { position: sticky; top: 1rem; max-height: calc(100vh - 2rem); overflow: auto }
  .types ul { display: block; margin: 0; padding: 3px; overflow: visible }
  .types a { border-color: transparent; background: none }
  .row { grid-template: "time type summary who" max-content "time type badges badges" max-content / 4.6rem minmax(0, 13.5rem) minmax(0, 1fr) minmax(0, 14rem); padding: .55rem 1rem }
  .row .badges { justify-content: flex-start }
  .row .who { text-align: right }
  .facts > div { grid-template-columns: 9.5rem minmax(0, 1fr); align-items: baseline }
  .columns.wide .facts > div { grid-template-columns: minmax(0, 1fr) }
  .params > div { grid-template-columns: 15rem minmax(0, 1fr); align-items: start }
  .card { grid-template-columns: minmax(0, 20rem) auto minmax(0, 1fr) auto }
  .card .quiet { grid-column: auto }
}
@media (prefers-reduced-motion: reduce) { *, *::before, *::after { animation: none !important } }
`;
