import { clay, type Glaze } from './glazes';
import { drawVessel, paints, shadowUnder, speckle } from './vessel';

const wood = (path: string, width: number) =>
  `<path d="${path}" fill="none" stroke="#7a4f2c" stroke-width="${width}" stroke-linecap="round"/><path d="${path}" fill="none" stroke="#b5814f" stroke-width="${width - 4}" stroke-linecap="round"/>`;

export function noodleBowl(id: string, glaze: Glaze): string {
  return drawVessel(id, glaze, {
    body: 'M64 214C68 300 134 356 190 372L192 390L288 390L290 372C346 356 412 300 416 214Z',
    glazeEnd: 352,
    lip: { cx: 240, cy: 214, rx: 176, ry: 44 },
    tea: '#d9a45c',
    front:
      '<g fill="none" stroke="#f3dfae" stroke-width="6" stroke-linecap="round"><path d="M146 226c34-16 62 12 98-4s58 10 88 0"/><path d="M160 236c30-14 60 10 92-2s48 8 70 0"/></g>' +
      '<ellipse cx="196" cy="220" rx="22" ry="8" fill="#f7efe0"/><ellipse cx="196" cy="219" rx="10" ry="4" fill="#e3a33c"/><g fill="#5f8a4d"><circle cx="262" cy="222" r="4"/><circle cx="276" cy="228" r="4"/><circle cx="250" cy="232" r="3"/></g>' +
      wood('M120 176L440 148', 11) +
      wood('M126 190L446 172', 11),
    shadow: { cx: 240, cy: 388, rx: 110 },
  });
}

export function plate(id: string, glaze: Glaze): string {
  const random = speckle(id);
  const dots = Array.from({ length: 90 }, () => {
    const [angle, far] = [random() * Math.PI * 2, Math.sqrt(random()) * 160];
    return `<circle cx="${(240 + Math.cos(angle) * far).toFixed(1)}" cy="${(240 + Math.sin(angle) * far).toFixed(1)}" r="${(0.8 + random() * 1.6).toFixed(1)}"/>`;
  }).join('');
  return (
    `<defs>${paints(id, glaze)}<clipPath id="${id}-well"><circle cx="240" cy="240" r="166"/></clipPath>` +
    `<radialGradient id="${id}-dish" cx=".4" cy=".36"><stop offset="0" stop-color="${glaze.light}"/><stop offset="1" stop-color="${glaze.base}"/></radialGradient></defs>` +
    `<circle cx="256" cy="258" r="192" fill="url(#${id}-shadow)"/>` +
    `<circle cx="240" cy="240" r="178" fill="${clay.base}"/><circle cx="240" cy="240" r="174" fill="${glaze.dark}"/><circle cx="240" cy="240" r="170" fill="url(#${id}-dish)"/>` +
    `<g clip-path="url(#${id}-well)"><path d="M60 262C130 206 196 320 276 262S396 214 440 250V440H60Z" fill="${glaze.dark}" opacity=".55"/><path d="M60 272C130 216 196 330 276 272S396 224 440 260V440H60Z" fill="#41759a" opacity=".5"/></g>` +
    `<g fill="${glaze.dark}" opacity=".5">${dots}</g>` +
    `<circle cx="240" cy="240" r="126" fill="none" stroke="#fff" stroke-width="3" opacity=".35"/><path d="M112 176A146 146 0 0 1 214 98" fill="none" stroke="#fff" stroke-width="9" stroke-linecap="round" opacity=".5"/>`
  );
}

export function saltPig(id: string, glaze: Glaze): string {
  return (
    wood('M258 250L404 108', 15) +
    drawVessel(id, glaze, {
      body: 'M106 300C104 188 180 128 258 138C330 148 366 214 364 300C362 352 336 382 306 390L166 390C130 382 106 352 106 300Z',
      glazeEnd: 346,
      front:
        `<ellipse cx="266" cy="236" rx="78" ry="62" fill="${glaze.light}" transform="rotate(24 266 236)"/><ellipse cx="267" cy="238" rx="69" ry="53" fill="${clay.dark}" transform="rotate(24 267 238)"/>` +
        '<path d="M206 262C232 240 300 250 326 270C312 292 262 298 230 284Z" fill="#fbf7f0"/><path d="M224 268C246 254 288 258 310 272" fill="none" stroke="#e3dccf" stroke-width="4"/>' +
        wood('M262 258L350 172', 15) +
        '<ellipse cx="256" cy="264" rx="24" ry="15" fill="#b5814f" transform="rotate(-42 256 264)"/><ellipse cx="256" cy="264" rx="17" ry="9" fill="#fbf7f0" transform="rotate(-42 256 264)"/>',
      shadow: { cx: 236, cy: 388, rx: 124 },
    })
  );
}

export function pouringBowl(id: string, glaze: Glaze): string {
  return drawVessel(id, glaze, {
    body: 'M108 218C104 226 44 214 36 232C60 262 96 258 114 282C136 340 174 374 202 384L206 390L296 390L300 384C366 358 404 296 408 218Z',
    glazeEnd: 338,
    lip: { cx: 252, cy: 218, rx: 156, ry: 38 },
    front: `<path d="M110 208C84 220 58 220 36 232C66 238 96 236 118 232Z" fill="${glaze.light}"/><path d="M112 216C92 224 76 226 58 231C80 233 98 233 116 230Z" fill="${glaze.dark}"/>`,
    shadow: { cx: 252, cy: 388, rx: 104 },
  });
}

/** Loose leaves in front of a tin or pouch. */
export function leaves(id: string, cx: number, cy: number): string {
  const random = speckle(`${id}leaves`);
  const blades = Array.from({ length: 26 }, () => {
    const [x, y, turn] = [cx + (random() - 0.5) * 120, cy + (random() - 0.5) * 22, random() * 180];
    return `<ellipse cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" rx="9" ry="2.6" transform="rotate(${turn.toFixed(0)} ${x.toFixed(1)} ${y.toFixed(1)})"/>`;
  }).join('');
  return `<g fill="#4c5a35">${blades}</g>`;
}

const sprig = (color: string, x: number, y: number) =>
  `<g transform="translate(${x} ${y})" fill="${color}"><path d="M-2 44C-4 10 4 -14 2 -40L-1 -40C-2 -14 -8 10 -6 44Z"/><path d="M0 -8C14 -34 34 -36 40 -34C38 -18 20 -4 0 -8Z"/><path d="M-2 12C-18 -10 -36 -12 -44 -8C-40 8 -20 18 -2 12Z"/><path d="M-2 30C12 8 30 8 38 12C34 26 16 36 -2 30Z"/></g>`;

export function teaTin(id: string, glaze: Glaze): string {
  return (
    `<defs>${paints(id, glaze)}<clipPath id="${id}-tin"><path d="M142 130V366C142 400 338 400 338 366V130Z"/></clipPath></defs>` +
    shadowUnder(id, { cx: 240, cy: 386, rx: 128 }) +
    `<path d="M142 130V366C142 400 338 400 338 366V130Z" fill="url(#${id}-glaze)"/>` +
    `<g clip-path="url(#${id}-tin)"><path d="M142 200H338V334C300 354 180 354 142 334Z" fill="#f8f1e3"/><path d="M142 330C180 350 300 350 338 330V342C300 362 180 362 142 342Z" fill="${glaze.dark}"/>` +
    `<g fill="none" stroke="${glaze.base}" stroke-width="4"><path d="M142 312c16-12 32-12 49 0s33 12 49 0 33-12 49 0 33 12 49 0"/><path d="M142 324c16-12 32-12 49 0s33 12 49 0 33-12 49 0 33 12 49 0"/></g></g>` +
    sprig(glaze.dark, 240, 256) +
    `<path d="M134 104V150C134 178 346 178 346 150V104Z" fill="url(#${id}-glaze)"/><path d="M134 146C134 176 346 176 346 146V152C346 182 134 182 134 152Z" fill="${glaze.dark}" opacity=".6"/>` +
    `<ellipse cx="240" cy="104" rx="106" ry="22" fill="${glaze.light}"/><ellipse cx="240" cy="103" rx="92" ry="17" fill="${glaze.base}"/>`
  );
}

export function teaPouch(id: string, glaze: Glaze): string {
  return (
    `<defs>${paints(id, glaze)}<linearGradient id="${id}-kraft"><stop offset="0" stop-color="#a97e52"/><stop offset=".3" stop-color="#d8b083"/><stop offset=".7" stop-color="#c99e6d"/><stop offset="1" stop-color="#98704a"/></linearGradient></defs>` +
    shadowUnder(id, { cx: 240, cy: 388, rx: 134 }) +
    `<path d="M142 96H338L346 376Q346 394 326 394H154Q134 394 134 376Z" fill="url(#${id}-kraft)"/>` +
    `<path d="M142 96H338L339 130C300 138 180 138 141 130Z" fill="#8d673f" opacity=".55"/><path d="M142 96H338V108H142Z" fill="#a97e52"/><path d="M140 128C180 138 300 138 340 128" fill="none" stroke="#75522f" stroke-width="3" stroke-dasharray="6 5"/>` +
    `<path d="M170 178H310V340H170Z" fill="#f8f1e3"/><path d="M170 178H310V192H170Z" fill="${glaze.base}"/>` +
    sprig(glaze.dark, 240, 258) +
    `<path d="M196 316H284" stroke="${glaze.base}" stroke-width="5" stroke-linecap="round"/><path d="M214 328H266" stroke="${glaze.base}" stroke-width="3" stroke-linecap="round"/>` +
    `<path d="M156 120L150 372" stroke="#fff" stroke-width="5" opacity=".16"/>`
  );
}
