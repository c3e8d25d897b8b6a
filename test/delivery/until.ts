/** Waits that end when something changes, not when some time has passed. */
export const createChanges = () => {
  const listeners = new Set<() => void>();
  return {
    /** Something has changed: whoever waits looks again. */
    announce(): void {
      for (const listener of listeners) listener();
    },

    /** Waits until a condition holds. False when it does not by the deadline (in ms). */
    until: (holds: () => boolean, deadline: number): Promise<boolean> =>
      new Promise(resolve => {
        const end = (held: boolean) => {
          clearTimeout(timer);
          listeners.delete(look);
          resolve(held);
        };
        const look = () => holds() && end(true);
        const timer = setTimeout(() => end(false), deadline);
        listeners.add(look);
        look();
      }),
  };
};

export type Changes = ReturnType<typeof createChanges>;

/** Asks again and again until the answer is true; false when it is not by the deadline (in ms). */
export const poll = async (ask: () => Promise<boolean>, deadline: number, every = 50): Promise<boolean> => {
  const end = Date.now() + deadline;
  for (;;) {
    if (await ask()) return true;
    if (Date.now() > end) return false;
    await new Promise(resolve => setTimeout(resolve, every));
  }
};
