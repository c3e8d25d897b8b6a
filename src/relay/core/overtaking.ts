import type { Outbox } from './outbox';

/** How long what has overtaken an earlier request waits for it, and how far apart we look, in ms. */
const waitAtMost = 10_000;
const lookFirst = 20;
const lookAtLeast = 1_000;

/**
 * How many may wait at once, and of one address: whoever asks for a wait has us hold what was sent, and look for it again
 * and again.
 */
const places = 100;
const placesOfOne = 20;

/**
 * A beacon may overtake the request that its page had on its way: its events wait for those. Resolves when all of these
 * ids have arrived, after ten seconds, or at once while a hundred others wait, or twenty of the same address: then the
 * order is not kept, and nothing else is lost.
 */
export const createOvertaking = (outbox: Pick<Outbox, 'known'>) => {
  const waiting: (string | undefined)[] = [];
  return async (ids: readonly string[], address?: string): Promise<void> => {
    if (!ids.length || waiting.length >= places) return;
    if (waiting.filter(each => each === address).length >= placesOfOne) return;
    waiting.push(address);
    try {
      let missing = ids;
      let pause = lookFirst;
      for (let waited = 0; waited < waitAtMost; waited += pause) {
        const known = await outbox.known(missing);
        missing = missing.filter(id => !known.has(id));
        if (!missing.length) return;
        pause = Math.min(pause * 1.5, lookAtLeast);
        await new Promise(again => setTimeout(again, pause));
      }
    } finally {
      waiting.splice(waiting.indexOf(address), 1);
    }
  };
};
