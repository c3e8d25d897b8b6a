import type { Kept } from '../queue/queue';

/**
 * The Web Lock under which one tab at a time sends what earlier pages left. With a page's name behind it: the lock that
 * this page holds while it sends for itself.
 */
const LOCK = 'shoptrail';

/**
 * After how long a page is taken for gone, in milliseconds; where there are Web Locks three times that: there they
 * decide, and age has the last word, because a lock may outlive its page.
 */
export const GONE = 10_000;

/**
 * Which pages of this shop send for themselves, as far as this browser can say.
 *
 * @param page the name of this one
 */
export const createTabs = (page: string) => {
  // Asked for late: the first time takes up to 0.1 ms, and a page may never send.
  const locks = () => navigator.locks as LockManager | undefined;
  /** The pages that send for themselves. */
  let alive: string[] = [];
  let giveBack: (() => void) | undefined;
  let endLoan: (() => void) | undefined;

  return {
    /** Tells other tabs that this page sends for itself. */
    claim(): void {
      if (giveBack) return;
      const free = new Promise<void>(done => {
        giveBack = done;
      });
      locks()
        ?.request(`${LOCK}.${page}`, () => free)
        .catch(() => {});
    },

    /** Nothing is left to send, or the page hides: a held lock would cost it its place in Firefox's back/forward cache. */
    release(): void {
      giveBack?.();
      giveBack = undefined;
    },

    /** Ends a loan, too: the page hides. */
    leave(): void {
      this.release();
      endLoan?.();
    },

    /** Learns which pages send for themselves. */
    async look(): Promise<void> {
      const { held = [] } =
        (await locks()
          ?.query()
          .catch(() => undefined)) ?? {};
      alive = held.map(({ name }) => name!);
    },

    /** Whether an event's page sends it no more. */
    isGone({ at, page: from }: Kept): boolean {
      const age = Date.now() - at;
      // Without locks a time to come tells nothing either: the clock was set back since.
      return locks() ? !alive.includes(`${LOCK}.${from}`) || age > 3 * GONE : Math.abs(age) > GONE;
    },

    /**
     * Lends what earlier pages left to one tab at a time. Without Web Locks (plain http) two tabs may send the same: the
     * relay knows the repeats.
     */
    lend: <Result>(work: (granted: boolean) => Promise<Result>): Promise<Result> =>
      locks()
        ? new Promise((resolve, reject) => {
            const ended = new Promise<void>(done => {
              endLoan = done;
            });
            locks()!
              .request(LOCK, { ifAvailable: true }, lock => {
                const working = work(!!lock);
                resolve(working);
                return Promise.race([working, ended]);
              })
              .catch(reject);
          })
        : work(true),
  };
};
