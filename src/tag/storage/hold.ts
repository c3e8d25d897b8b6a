import { names } from './names';

/** What waits for consent, over navigations of one tab (`consentHold: 'session'`). */
export const createHold = <Entry>() => ({
  /** What earlier pages of this tab have put here, taken out. */
  take(): Entry[] {
    try {
      const entries = JSON.parse(sessionStorage[names.hold] ?? '[]');
      sessionStorage.removeItem(names.hold);
      return entries;
    } catch {
      return [];
    }
  },

  put(entries: Entry[]): void {
    try {
      if (entries.length) sessionStorage[names.hold] = JSON.stringify(entries);
    } catch {}
  },
});
