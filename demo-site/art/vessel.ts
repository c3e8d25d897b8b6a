import { clay, type Glaze } from './glazes';

/** The parts of a drawn pot, all as SVG path data or markup on a 480 x 480 sheet. */
export interface Vessel {
  /** Closed outline of the body. */
  body: string;
  /** Where the glaze ends above the foot, the y of its wavy edge. */
  glazeEnd: number;
  /** Opening at the top. */
  lip?: { cx: number; cy: number; rx: number; ry: number };
  /** Drawn before the body: handles and spouts. */
  behind?: string;
  /** Drawn after everything. */
  front?: string;
  /** Where it stands on the table. */
  shadow: { cx: number; cy: number; rx: number };
  /** Liquid in the opening. */
  tea?: string;
}

/** A repeatable stream of numbers in 0..1, so that a picture looks the same on every request. */
export function speckle(seed: string): () => number {
  let state = [...seed].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);
  return () => {
    // A linear congruential generator (Numerical Recipes' constants); freckles need no better.
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Gradients shared by the drawings; every id starts with `id` so that several fit in one file. */
export function paints(id: string, glaze: Glaze): string {
  const across = (name: string, { light, base, dark }: { light: string; base: string; dark: string }) =>
    `<linearGradient id="${id}-${name}"><stop offset="0" stop-color="${dark}"/><stop offset=".12" stop-color="${base}"/><stop offset=".34" stop-color="${light}"/><stop offset=".62" stop-color="${base}"/><stop offset="1" stop-color="${dark}"/></linearGradient>`;
  return (
    across('glaze', glaze) +
    across('clay', clay) +
    `<linearGradient id="${id}-part" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${glaze.light}"/><stop offset=".4" stop-color="${glaze.base}"/><stop offset="1" stop-color="${glaze.dark}"/></linearGradient>` +
    `<linearGradient id="${id}-inside" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${glaze.dark}"/><stop offset="1" stop-color="${glaze.base}"/></linearGradient>` +
    `<radialGradient id="${id}-shadow"><stop offset="0" stop-color="#3a2c20" stop-opacity=".42"/><stop offset=".6" stop-color="#3a2c20" stop-opacity=".16"/><stop offset="1" stop-color="#3a2c20" stop-opacity="0"/></radialGradient>`
  );
}

/** The soft shadow under a thing that stands on the table. */
export function shadowUnder(id: string, { cx, cy, rx }: Vessel['shadow']): string {
  return `<ellipse cx="${cx + 16}" cy="${cy}" rx="${rx * 1.25}" ry="${rx * 0.17}" fill="url(#${id}-shadow)"/>`;
}

/** A wavy line from the left edge of the sheet to the right one, closed along the top. */
function glazeCover(y: number, random: () => number): string {
  let path = `M0 0H480V${y}`;
  for (let x = 480; x > 0; x -= 40) {
    path += `Q${x - 20} ${(y + 4 + random() * 16).toFixed(1)} ${x - 40} ${(y - 3 + random() * 6).toFixed(1)}`;
  }
  return `${path}Z`;
}

/** Draws a thrown and glazed pot: shadow, handle, clay, glaze with freckles and a streak of light, lip. */
export function drawVessel(id: string, glaze: Glaze, vessel: Vessel): string {
  const random = speckle(id);
  const freckles = Array.from({ length: 70 }, () => {
    const [x, y, r] = [60 + random() * 360, 120 + random() * 260, 0.7 + random() * 1.5];
    return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${r.toFixed(1)}"/>`;
  }).join('');
  const { lip } = vessel;
  return (
    `<defs>${paints(id, glaze)}<clipPath id="${id}-body"><path d="${vessel.body}"/></clipPath></defs>` +
    shadowUnder(id, vessel.shadow) +
    (vessel.behind ?? '') +
    `<path d="${vessel.body}" fill="url(#${id}-clay)"/>` +
    `<g clip-path="url(#${id}-body)"><path d="${glazeCover(vessel.glazeEnd + 5, random)}" fill="${glaze.dark}" opacity=".35"/>` +
    `<path d="${glazeCover(vessel.glazeEnd, speckle(id))}" fill="url(#${id}-glaze)"/>` +
    `<g fill="${glaze.dark}" opacity=".38">${freckles}</g></g>` +
    (lip
      ? `<ellipse cx="${lip.cx}" cy="${lip.cy}" rx="${lip.rx}" ry="${lip.ry}" fill="${glaze.light}"/>` +
        `<ellipse cx="${lip.cx}" cy="${lip.cy + 1.5}" rx="${lip.rx - 6}" ry="${lip.ry - 4}" fill="url(#${id}-inside)"/>` +
        (vessel.tea
          ? `<ellipse cx="${lip.cx}" cy="${lip.cy + lip.ry * 0.35}" rx="${lip.rx * 0.84}" ry="${lip.ry * 0.52}" fill="${vessel.tea}"/><ellipse cx="${lip.cx - lip.rx * 0.3}" cy="${lip.cy + lip.ry * 0.25}" rx="${lip.rx * 0.3}" ry="${lip.ry * 0.14}" fill="#fff" opacity=".25"/>`
          : '')
      : '') +
    (vessel.front ?? '')
  );
}
