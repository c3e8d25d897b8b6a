/** The path of a Chrome or Chromium. Throws a sentence when there is none to be had. */
export function findChromium(): string;
