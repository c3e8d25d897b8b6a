import type { Item } from '../catalogue';
import { duneCup, harbourMug, pebbleCups, tallMug } from './cups';
import { type Glaze, glazes } from './glazes';
import { heronPot, kettle, lanternPot, moonPot } from './pots';
import { leaves, noodleBowl, plate, pouringBowl, saltPig, teaPouch, teaTin } from './tableware';

const shapes: Record<string, (id: string, glaze: Glaze) => string> = {
  tallMug,
  duneCup,
  harbourMug,
  pebbleCups,
  heronPot,
  lanternPot,
  moonPot,
  kettle,
  noodleBowl,
  plate,
  saltPig,
  pouringBowl,
  teaTin,
  teaPouch,
};

function drawing(id: string, shape: string, glaze: string): string {
  return shapes[shape]!(id, glazes[glaze]!);
}

/** The picture of a variant as an SVG file, 480 x 480, without style attributes or scripts. */
export function itemPicture({ product, variant }: Item): string {
  const { wall } = glazes[variant.glaze]!;
  const scale = variant.scale ?? 1;
  // A plate is seen from above and shrinks towards its middle, all else towards where it stands.
  const anchor = product.shape === 'plate' ? 240 : 390;
  const move = `translate(${(240 * (1 - scale)).toFixed(1)} ${(anchor * (1 - scale)).toFixed(1)}) scale(${scale})`;
  const table =
    product.shape === 'plate'
      ? ''
      : '<path d="M0 352H480V480H0Z" fill="#d9c5a8"/><path d="M0 352H480V480H0Z" fill="url(#table)"/><path d="M0 352H480" stroke="#fff" stroke-width="2" opacity=".5"/>';
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 480" width="480" height="480">' +
    `<defs><radialGradient id="wall" cx=".36" cy=".3" r=".9"><stop offset="0" stop-color="#fff" stop-opacity=".75"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient>` +
    '<linearGradient id="table" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#fff" stop-opacity=".34"/><stop offset="1" stop-color="#8a6a48" stop-opacity=".22"/></linearGradient></defs>' +
    `<path d="M0 0H480V480H0Z" fill="${wall}"/><path d="M0 0H480V480H0Z" fill="url(#wall)"/>${table}` +
    `<g transform="${move}">${drawing('p', product.shape, variant.glaze)}${product.category === 'Tea' ? leaves(variant.id, 344, 404) : ''}</g></svg>`
  );
}

/** The wide picture on the home page: two shelves in morning light, 960 x 720. */
export function shelfPicture(): string {
  const at = (x: number, foot: number, scale: number, shape: string, glaze: string) =>
    `<g transform="translate(${x} ${foot - 390 * scale}) scale(${scale})">${drawing(`s${x}-${foot}`, shape, glaze)}</g>`;
  const board = (y: number) =>
    `<path d="M0 ${y}H960V${y + 26}H0Z" fill="#b98d5f"/><path d="M0 ${y}H960V${y + 7}H0Z" fill="#d9b184"/><path d="M0 ${y + 26}H960V${y + 60}H0Z" fill="url(#under)"/>`;
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 720" width="960" height="720">' +
    '<defs><linearGradient id="room" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#f6e9d2"/><stop offset=".55" stop-color="#dfd9c4"/><stop offset="1" stop-color="#b9c4b6"/></linearGradient>' +
    '<linearGradient id="under" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#4a3826" stop-opacity=".35"/><stop offset="1" stop-color="#4a3826" stop-opacity="0"/></linearGradient>' +
    '<linearGradient id="ray" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#fff8e6" stop-opacity=".8"/><stop offset="1" stop-color="#fff8e6" stop-opacity="0"/></linearGradient></defs>' +
    '<path d="M0 0H960V720H0Z" fill="url(#room)"/><path d="M0 0L330 0L960 520V720L700 720Z" fill="url(#ray)"/><path d="M420 0L560 0L960 310V430Z" fill="url(#ray)"/>' +
    board(318) +
    at(24, 322, 0.46, 'teaTin', 'tide') +
    at(172, 322, 0.42, 'teaTin', 'ochre') +
    at(318, 322, 0.62, 'heronPot', 'celadon') +
    at(596, 322, 0.4, 'duneCup', 'sand') +
    at(744, 322, 0.4, 'duneCup', 'sand') +
    board(640) +
    at(14, 644, 0.6, 'noodleBowl', 'rust') +
    at(318, 644, 0.48, 'tallMug', 'tide') +
    at(500, 644, 0.48, 'tallMug', 'ochre') +
    at(676, 644, 0.62, 'lanternPot', 'soot') +
    '</svg>'
  );
}

/** The mark of the shop: a bowl with a wave, for the browser's tab. */
export const favicon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1f4b4a"/><path d="M5 13H27C27 21 22 26 16 26S5 21 5 13Z" fill="#f4e8d3"/><path d="M5 13c3.7 3 7.3 3 11 0s7.3-3 11 0" fill="none" stroke="#d39a3c" stroke-width="2.4"/></svg>';
