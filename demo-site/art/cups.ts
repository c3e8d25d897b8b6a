import type { Glaze } from './glazes';
import { drawVessel } from './vessel';

/** A bent handle: the stroke in glaze colour with a thin light on it. */
export function handle(id: string, glaze: Glaze, path: string, width = 24): string {
  return (
    `<path d="${path}" fill="none" stroke="${glaze.dark}" stroke-width="${width}" stroke-linecap="round"/>` +
    `<path d="${path}" fill="none" stroke="url(#${id}-part)" stroke-width="${width - 5}" stroke-linecap="round"/>` +
    `<path d="${path}" fill="none" stroke="${glaze.light}" stroke-width="${width / 6}" stroke-linecap="round" opacity=".6"/>`
  );
}

const steam =
  '<g fill="none" stroke="#fff" stroke-width="7" stroke-linecap="round" opacity=".55"><path d="M196 96c-16-22 14-34 0-58"/><path d="M236 92c-18-26 18-38 2-66"/></g>';

export function tallMug(id: string, glaze: Glaze): string {
  return (
    steam +
    drawVessel(id, glaze, {
      body: 'M132 132C132 220 138 310 148 362Q154 386 184 390L252 390Q282 386 288 362C298 310 304 220 304 132Z',
      glazeEnd: 338,
      lip: { cx: 218, cy: 132, rx: 86, ry: 20 },
      behind: handle(id, glaze, 'M290 186C384 166 392 312 286 308'),
      shadow: { cx: 222, cy: 388, rx: 118 },
      tea: '#a5622c',
    })
  );
}

export function duneCup(id: string, glaze: Glaze): string {
  return drawVessel(id, glaze, {
    body: 'M134 152C138 250 166 340 190 376Q196 390 214 390L266 390Q284 390 290 376C314 340 342 250 346 152Z',
    glazeEnd: 316,
    lip: { cx: 240, cy: 152, rx: 106, ry: 24 },
    shadow: { cx: 240, cy: 388, rx: 96 },
    tea: '#b9b95a',
    front: `<path d="M139 196C180 222 300 222 341 196" fill="none" stroke="${glaze.dark}" stroke-width="4" opacity=".5"/><path d="M140 202C180 228 300 228 340 202" fill="none" stroke="${glaze.light}" stroke-width="3" opacity=".8"/>`,
  });
}

export function harbourMug(id: string, glaze: Glaze): string {
  return drawVessel(id, glaze, {
    body: 'M84 196C78 300 128 366 180 384Q188 390 202 390L248 390Q262 390 270 384C322 366 352 300 346 196Z',
    glazeEnd: 344,
    lip: { cx: 215, cy: 196, rx: 131, ry: 32 },
    behind: handle(id, glaze, 'M334 224C426 208 426 326 312 326', 27),
    shadow: { cx: 222, cy: 388, rx: 128 },
    tea: '#c89b6c',
  });
}

export function pebbleCups(id: string, glaze: Glaze): string {
  const cup = (part: string) =>
    drawVessel(`${id}-${part}`, glaze, {
      body: 'M120 160C106 250 126 350 190 384Q200 390 212 390L268 390Q280 390 290 384C354 350 374 250 360 160Z',
      glazeEnd: 292,
      lip: { cx: 240, cy: 160, rx: 120, ry: 30 },
      shadow: { cx: 240, cy: 388, rx: 120 },
      tea: '#4a2a18',
    });
  return `<g transform="translate(178 118) scale(.58)">${cup('a')}</g><g transform="translate(20 158) scale(.62)">${cup('b')}</g>`;
}
