import { handle } from './cups';
import type { Glaze } from './glazes';
import { drawVessel } from './vessel';

function lid(id: string, glaze: Glaze, cx: number, y: number, rx: number, height: number): string {
  return (
    `<ellipse cx="${cx}" cy="${y}" rx="${rx + 5}" ry="${rx * 0.19}" fill="${glaze.dark}"/>` +
    `<path d="M${cx - rx} ${y - 3}C${cx - rx * 0.8} ${y - height} ${cx + rx * 0.8} ${y - height} ${cx + rx} ${y - 3}C${cx + rx * 0.6} ${y + rx * 0.18} ${cx - rx * 0.6} ${y + rx * 0.18} ${cx - rx} ${y - 3}Z" fill="url(#${id}-glaze)"/>` +
    `<ellipse cx="${cx}" cy="${y - height * 0.88}" rx="17" ry="14" fill="url(#${id}-part)"/>` +
    `<ellipse cx="${cx - 5}" cy="${y - height * 0.88 - 5}" rx="5" ry="3.4" fill="#fff" opacity=".5"/>`
  );
}

export function heronPot(id: string, glaze: Glaze): string {
  const spout = 'M128 300C70 270 78 206 40 176L70 158C102 178 112 214 158 226Z';
  return drawVessel(id, glaze, {
    body: 'M108 280C108 206 164 178 238 178C312 178 366 206 366 280C366 346 318 390 276 390L200 390C156 390 108 346 108 280Z',
    glazeEnd: 348,
    behind:
      handle(id, glaze, 'M350 224C440 196 452 330 346 326', 22) +
      `<path d="${spout}" fill="url(#${id}-part)"/><ellipse cx="55" cy="167" rx="17" ry="7" fill="${glaze.dark}" transform="rotate(-31 55 167)"/>`,
    front: lid(id, glaze, 238, 186, 66, 52),
    shadow: { cx: 236, cy: 388, rx: 132 },
  });
}

export function lanternPot(id: string, glaze: Glaze): string {
  const cane = 'M146 222C120 40 360 40 334 222';
  return (
    `<path d="${cane}" fill="none" stroke="#7c5a33" stroke-width="15"/><path d="${cane}" fill="none" stroke="#c79a5f" stroke-width="10"/><path d="${cane}" fill="none" stroke="#8a6337" stroke-width="10" stroke-dasharray="3 13"/>` +
    drawVessel(id, glaze, {
      body: 'M140 214C118 300 122 356 166 390L314 390C358 356 362 300 340 214C300 196 180 196 140 214Z',
      glazeEnd: 334,
      behind: `<path d="M140 330C84 310 96 244 58 218L84 196C118 216 124 246 152 254Z" fill="url(#${id}-part)"/><ellipse cx="71" cy="207" rx="17" ry="7" fill="${glaze.dark}" transform="rotate(-40 71 207)"/>`,
      front:
        lid(id, glaze, 240, 212, 70, 42) +
        `<circle cx="147" cy="220" r="11" fill="url(#${id}-part)"/><circle cx="333" cy="220" r="11" fill="url(#${id}-part)"/>`,
      shadow: { cx: 240, cy: 388, rx: 122 },
    })
  );
}

export function moonPot(id: string, glaze: Glaze): string {
  return drawVessel(id, glaze, {
    body: 'M96 296C96 236 146 208 212 208C278 208 328 236 328 296C328 350 288 390 252 390L172 390C136 390 96 350 96 296Z',
    glazeEnd: 420,
    behind:
      `<path d="M300 250L424 196Q446 190 450 212Q452 228 432 236L316 296Z" fill="url(#${id}-part)"/><ellipse cx="438" cy="214" rx="8" ry="14" fill="${glaze.dark}" transform="rotate(-24 438 214)"/>` +
      `<path d="M112 300C74 288 72 250 50 238L70 222C96 236 104 250 128 256Z" fill="url(#${id}-part)"/>`,
    front: lid(id, glaze, 212, 214, 62, 46),
    shadow: { cx: 220, cy: 388, rx: 116 },
  });
}

export function kettle(id: string, glaze: Glaze): string {
  const arch = 'M134 232C120 84 360 84 346 232';
  return (
    `<path d="${arch}" fill="none" stroke="#2b2725" stroke-width="17" stroke-linecap="round"/><path d="M186 118C220 104 262 104 296 118" fill="none" stroke="#a87845" stroke-width="22" stroke-linecap="round"/>` +
    drawVessel(id, glaze, {
      body: 'M96 372C90 286 130 224 174 214L306 214C350 224 390 286 384 372Q382 390 364 390L116 390Q98 390 96 372Z',
      glazeEnd: 440,
      behind: `<path d="M340 316C398 300 398 244 428 226L404 204C366 224 360 252 326 264Z" fill="url(#${id}-part)"/><ellipse cx="416" cy="215" rx="17" ry="7" fill="#2b2725" transform="rotate(37 416 215)"/>`,
      front:
        lid(id, glaze, 240, 218, 68, 40) +
        '<circle cx="240" cy="180" r="17" fill="#a87845"/><circle cx="234" cy="174" r="5" fill="#fff" opacity=".4"/>' +
        `<path d="M97 364H383" stroke="#2b2725" stroke-width="5"/><path d="M130 336C134 290 150 262 176 244" fill="none" stroke="#fff" stroke-width="10" stroke-linecap="round" opacity=".4"/>`,
      shadow: { cx: 240, cy: 390, rx: 152 },
    })
  );
}
