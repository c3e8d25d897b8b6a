/** Tells open history pages that something happened. */

/** An event was stored, the API answered something or past events went away, or everything was cleared. */
export type News = { kind: 'event'; n: number } | { kind: 'answer' } | { kind: 'cleared' } | { kind: 'end' };

export type Live = ReturnType<typeof createLive>;

/** A list of listeners. */
export function createLive() {
  const listeners = new Set<(news: News) => void>();
  return {
    announce(news: News): void {
      for (const listener of listeners) listener(news);
    },
    /** Calls `listener` with all news from now on. Returns what stops it. */
    listen(listener: (news: News) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** How many listen. */
    count: () => listeners.size,
  };
}
