/** Colours of one glaze as a lit body shows them, and the wall behind it. */
export interface Glaze {
  light: string;
  base: string;
  dark: string;
  wall: string;
}

export const glazes: Record<string, Glaze> = {
  tide: { light: '#8fb3c9', base: '#41759a', dark: '#234a66', wall: '#e2ebee' },
  celadon: { light: '#dbe9d9', base: '#a6c7ac', dark: '#6b957a', wall: '#ecf1e6' },
  ochre: { light: '#f3d391', base: '#d69d40', dark: '#96661f', wall: '#f8eeda' },
  soot: { light: '#7a7674', base: '#433f3e', dark: '#211f1f', wall: '#e8e4de' },
  sand: { light: '#fbf2e2', base: '#e5d2b0', dark: '#b2976b', wall: '#f1e9dc' },
  rust: { light: '#e09a75', base: '#b75a34', dark: '#78341b', wall: '#f7e6da' },
  sage: { light: '#c6d0ae', base: '#8f9f70', dark: '#5b6a43', wall: '#eceede' },
};

/** The bare clay that shows where no glaze is. */
export const clay = { light: '#dfc0a0', base: '#c49b76', dark: '#8d6746' };
