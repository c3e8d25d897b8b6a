import { names } from './names';

/** A word to the other tabs of this shop. Nothing of it stays: what is written is removed at once. */
export const sayToTabs = (word: string): void => {
  try {
    localStorage.setItem(names.word, word);
    localStorage.removeItem(names.word);
  } catch {}
};

/** Hears the words of other tabs. */
export const hearTabs = (heard: (word: string) => void): void => {
  addEventListener('storage', ({ key, newValue }) => {
    if (key === names.word && newValue) heard(newValue);
  });
};
