import { EVENT } from '../../src/tag/queue/queue';
import { names } from '../../src/tag/storage/names';
import type { Aimed, Tab } from '../support/engines/index';
import { up } from './links';
import { clockShift } from './page-scripts';
import type { Seat } from './seat';
import type { Servers } from './servers';
import type { Visitor } from './site';
import { poll } from './until';

/** One call of `track()`. */
export interface Call {
  event: string;
  /** The number the test gave it, which stands in the event; none where the tag called itself. */
  n?: string;
  /** The id the tag gave it; unknown while the tag has not told. */
  id?: string;
}

/** What a page's tag has said so far. */
export interface Account {
  /** Its own name: a page that is loaded again is another document under the same number. */
  document: string;
  page: number;
  /** Every call of `track()` that was not refused, in order. */
  calls: Call[];
  dropped: { id: string; event: string; reason: string }[];
  rejected: { id: string; reason: string }[];
  invalid: { event: string; reason: string }[];
  degraded: number;
  blocked: number;
  /** How often the page came out of the back/forward cache. */
  restored: number;
}

/** What the trials of a scenario share. */
export type World = Servers & { seat: Seat };

/** Long enough for a few backoffs of the tag on a busy machine, in ms. */
const DEADLINE = 45_000;

/** How much later the visitor comes back, by the page's clock, in ms: what earlier pages left is an orphan then. */
const LATER = 40_000;

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

/** What is told in place of a count when the database does not answer: WebKit may wait for a dead page's transaction. */
export const SILENT = -1;

/** How many events the browser still keeps; 0 where the scenario has broken the database. */
const LEFT = `Promise.race([indexedDB.databases().then(all => all.some(({ name }) => name === '${names.database}') && new Promise((resolve, reject) => {
  const request = indexedDB.open('${names.database}');
  request.onerror = reject;
  request.onsuccess = () => {
    const database = request.result;
    try {
      const [store] = database.objectStoreNames;
      const keys = database.transaction(store).objectStore(store).getAllKeys();
      keys.onsuccess = () => resolve(keys.result.filter(key => key[0] === '${EVENT}').length);
      keys.onerror = reject;
    } catch (error) {
      reject(error);
    }
    database.close();
  };
})).then(Number, () => 0), new Promise(resolve => setTimeout(resolve, 5000, ${SILENT}))])`;

/** One visit of one visitor, or several: what a scenario has in its hands. */
export const createTrial = (
  world: World,
  /** From 0. */
  number: number,
  /** Between `track()` and the act, in ms: swept over the trials of a scenario. */
  delay: number,
  plainHttp = false,
) => {
  const { site, seat } = world;
  const visitor: Visitor = site.visitor(plainHttp);
  const accounts = new Map<string, Account>();
  let tabs: Tab[] = [];
  let tracked = 0;
  let left = 0;
  /** Calls that were made just before a kill. */
  let witnessed: string[] = [];
  const excused = new Set<string>();

  const keep = (account: Account) => {
    accounts.set(account.document, account);
    return account;
  };

  const isStored = () => {
    const all = [...accounts.values()];
    const dropped = new Set(all.flatMap(account => account.dropped.map(({ id }) => id)));
    return all
      .flatMap(({ calls }) => calls)
      .filter(({ n }) => !n || !excused.has(n))
      .every(({ id, n }) => {
        const known = id ?? visitor.idOf(n!);
        return known !== undefined && (visitor.stored.has(known) || dropped.has(known));
      });
  };

  /** As torture.track() numbers them. */
  const callName = (at: number) => `${visitor.host}#${at}`;

  /** The words of `torture.track()` for some events of one task. */
  const tracking = (count: number, event: string, bytes: number) => {
    const first = tracked;
    tracked += count;
    return `torture.track(${JSON.stringify(visitor.host)}, ${first}, ${count}, ${JSON.stringify(event)}, ${bytes})`;
  };

  /** @param scope how the page is reached from where expressions run: a popup is driven from its opener */
  const shopPage = (tab: Tab, page: number, scope = 'window') => {
    const run = async (expression: string) =>
      keep(await tab.run<Account>(`(${expression}, ${scope}.torture.account())`));

    const isReady = async () => {
      try {
        return await tab.run<boolean>(`${scope}.torture?.page === ${page} && ${scope}.torture.isReady()`);
      } catch {
        // The old document ends while it is asked.
        return false;
      }
    };

    return {
      tab,
      page,

      /** Waits until the tag of this very page has started. */
      async ready(): Promise<void> {
        if (!(await poll(isReady, DEADLINE, 10))) {
          const seen = await tab
            .run<string>(`location.pathname + ' ' + document.readyState + ' ' + !!window.shoptrail?.version`)
            .catch(error => `${error}`);
          throw Error(`page ${page} did not become ready: ${seen}; served: ${visitor.served}`);
        }
        await run('0');
      },

      /** Runs an expression in the page and takes down what the tag has said by then. */
      run,

      /** Tracks some events in one task. */
      track: (count = 1, event = 'counted', bytes = 0): Promise<Account> =>
        run(`${scope}.${tracking(count, event, bytes)}`),

      /** To be called before `trackWitnessed()`. */
      hireWitness: (): Promise<void> => tab.run('torture.hireWitness()'),

      /**
       * Tracks some events before a kill. Until their transaction is committed, for some milliseconds on a busy machine,
       * nobody can keep them: a page has no storage that it writes at once and that survives a SIGKILL. So the test writes
       * a record of its own in the same task, after the tag's. When not even that is there at the next visit, the kill
       * came before anything could be kept, and these events are not counted as lost.
       */
      async trackWitnessed(count: number): Promise<void> {
        witnessed = Array.from({ length: count }, (_, at) => callName(tracked + at));
        await run(`${tracking(count, 'counted', 0)}, torture.testify()`);
      },

      /**
       * Tracks some events in one task and acts this much later: with 0 ms in that same task. The account comes back
       * with the answer of the call that tracked, so it is known before the act can end the page, at no cost to the race.
       */
      trackThen: (count: number, act: string, ms = delay, bytes = 0): Promise<Account> =>
        run(`${scope}.${tracking(count, 'counted', bytes)}, ${scope}.torture.after(${ms}, () => { ${act} })`),

      /** Follows a link to the next page of the shop by this page's own hand, after some events. */
      async trackThenGo(count: number, ms = delay, bytes = 0) {
        const next = visitor.nextPage();
        await this.trackThen(count, `location.href = '${next.url}'`, ms, bytes);
        const arrived = shopPage(tab, next.page);
        await arrived.ready();
        return arrived;
      },

      close: (): Promise<void> => {
        tabs = tabs.filter(each => each !== tab);
        return tab.close();
      },
    };
  };

  type ShopPage = ReturnType<typeof shopPage>;

  const delivered = async (page: ShopPage): Promise<boolean> => {
    await page.run('0');
    return visitor.until(isStored, DEADLINE);
  };

  const settle = async (page: ShopPage): Promise<void> => {
    if (!(await delivered(page))) return;
    const isEmpty = async () => (left = await page.tab.run<number>(LEFT)) <= 0;
    await poll(isEmpty, DEADLINE / 3);
    // What was dropped or refused meanwhile.
    await page.run('0');
  };

  return {
    ...world,
    number,
    delay,
    visitor,
    accounts,

    /** How many events are tracked before the act. */
    count: 1 + (number % 4),

    /** Calls that nobody could have kept. */
    excused,

    /** Events the browser still kept at the end. */
    left: () => left,

    browser: () => seat.browser(),

    /** Waits the swept time. */
    wait: (ms = delay) => pause(ms),

    /** Opens a page of the shop, in a tab of its own when none is given, and waits until the tag has started. */
    async open(tab?: Tab): Promise<ShopPage> {
      const next = visitor.nextPage();
      const place = tab ?? (await seat.browser().newTab());
      if (!tab) tabs.push(place);
      await place.open(next.url);
      const page = shopPage(place, next.page);
      await page.ready();
      return page;
    },

    /** The page with this number, in a tab that is on its way there. */
    async arrive(tab: Tab, page: number): Promise<ShopPage> {
      const arrived = shopPage(tab, page);
      await arrived.ready();
      return arrived;
    },

    /** The words of a page's own script that tracks some events, and what they will be called. */
    script(count: number) {
      const calls = Array.from({ length: count }, (_, at) => ({
        event: 'counted',
        n: callName(tracked + at),
      }));
      return { calls, words: tracking(count, 'counted', 0) };
    },

    /** Takes down what a page has tracked that could not be asked. */
    note(page: number, calls: Call[]): void {
      keep({
        document: `${page}`,
        page,
        calls,
        dropped: [],
        rejected: [],
        invalid: [],
        degraded: 0,
        blocked: 0,
        restored: 0,
      });
    },

    /** A page in the window that the page in this tab has opened as `popup`. */
    popup: (opener: Tab, page: number): ShopPage => shopPage(opener, page, 'popup'),

    /** A tab that holds no page of the shop. */
    async emptyTab(): Promise<Tab> {
      const tab = await seat.browser().newTab();
      tabs.push(tab);
      return tab;
    },

    /** Kills the browser and starts it again on the same profile. */
    async restart(aimed?: Aimed): Promise<void> {
      tabs = [];
      await seat.restart(aimed);
    },

    /** All tabs of the browser crash. */
    async crash(aimed: Aimed): Promise<void> {
      await aimed.crashTabs();
      tabs = [];
      if (!seat.browser().survivesCrash) await seat.restart();
    },

    /** Waits until everything that was tracked is stored by the relay, but not until the browser knows it. */
    delivered,

    /**
     * Waits until everything that was tracked is stored by the relay, and then until the page knows it and its queue is
     * empty: only then would a repeat have been sent. Does not throw when that never comes: the ledger will tell.
     */
    settle,

    /** The visitor comes back 40 s later, to a relay in reach, and stays until everything is delivered. */
    async comeBack(tab?: Tab): Promise<void> {
      visitor.link = up;
      visitor.before += clockShift(LATER);
      const page = await this.open(tab);
      if (witnessed.length) {
        await page.hireWitness();
        if (!(await page.tab.run<boolean>('torture.wasKept()'))) for (const n of witnessed) excused.add(n);
      }
      await settle(page);
    },

    /** Waits until a condition holds; throws when it never does. */
    async until(holds: () => boolean, what: string): Promise<void> {
      if (!(await visitor.until(holds, DEADLINE))) throw Error(`never came: ${what}`);
    },

    /** The same for what has to be asked for. */
    async poll(ask: () => Promise<boolean>, what: string): Promise<void> {
      if (!(await poll(ask, DEADLINE))) throw Error(`never came: ${what}`);
    },

    async closeTabs(): Promise<void> {
      for (const tab of tabs.splice(0)) await tab.close().catch(() => {});
    },
  };
};

export type Trial = ReturnType<typeof createTrial>;
export type ShopPage = Awaited<ReturnType<Trial['open']>>;
