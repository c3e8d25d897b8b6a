import { names } from './names';

/** What waits for consent, over navigations of one tab (`consentHold: 'session'`). Each entry is kept once, by its id. */
export const createHold = <Entry extends { id?: string }>() => {
  const read = (): Entry[] => {
    try {
      return [...JSON.parse(sessionStorage[names.hold])];
    } catch {
      return [];
    }
  };

  /** What is kept and is not among these. */
  const others = (own: object[]) =>
    read().filter(entry => entry?.id && !own.some(({ id }: { id?: string }) => id === entry.id));

  return {
    /** Takes out what other pages of this tab have put here. @param own what this page has itself */
    take(own: object[]): Entry[] {
      const entries = others(own);
      try {
        sessionStorage.removeItem(names.hold);
      } catch {}
      return entries;
    },

    /** Adds to what other pages have put here. A page may put the same again: it hides more than once. */
    put(entries: Entry[]): void {
      try {
        if (entries.length) sessionStorage[names.hold] = JSON.stringify([...others(entries), ...entries]);
      } catch {}
    },
  };
};
