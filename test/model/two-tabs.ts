import { clockShift } from '../delivery/page-scripts';
import type { BrowserModel, Call, Network, Period, TabName, Tracked } from './browser-model';
import type { Seat } from './seat';
import type { Visitor } from './shop';

/** The last page's clock is this much ahead, in ms: it waits for no page that may still be alive. */
const LATER = 40_000;

/** How long delivery may take when nothing stands in its way, in ms. */
const DEADLINE = 15_000;

interface Effect {
  id: string;
  at: number;
  holds: boolean;
}

/** A visitor's two tabs, and what is done in them. Each act waits until it has taken effect. */
export const createTabs = (seat: Seat, visitor: Visitor) => {
  const log: string[] = [];
  const faults: string[] = [];
  const say = (words: string) => void log.push(words);
  const fail = (words: string) => void faults.push(`${words} (step ${log.length - 1})`);

  const run = async <Value>(tab: TabName, expression: string): Promise<Value> =>
    (await seat.tab(tab)).evaluate(expression);

  const isOffline = ({ network }: BrowserModel) => network === 'offline';

  /** The shop's pages are in reach when the relay is not: what is tried is not the loading of pages. */
  const online = async (model: BrowserModel, work: () => Promise<unknown>) => {
    if (isOffline(model)) await seat.setOffline(false);
    await work();
    if (isOffline(model)) await seat.setOffline(true);
  };

  /**
   * Waits until the cookie, in both tabs, and the table in the database say what the model says. Who acts in two tabs
   * within the same few milliseconds is not tried: which of the two was first is for nobody to say.
   */
  const takeEffect = async (model: BrowserModel, tab: TabName, told: readonly Period[]) => {
    const period = model.now();
    const others = model.periods.flatMap(each => (each === period ? [] : [...each.ids]));
    const known = period.owner && period.known;
    const effect = await run<Effect>(
      tab,
      `visit.tookEffect(${JSON.stringify(others)}, ${JSON.stringify(known)})`,
    );
    if (!effect.holds) fail(`the current person is not ${period.owner ?? 'nobody'} by cookie and table`);
    period.ids.add(effect.id);
    const { page } = model.tabs[tab];
    for (const { owner, knownTo } of told) if (owner && !knownTo.has(page!)) knownTo.set(page!, effect.at);
    const other = tab === 'A' ? 'B' : 'A';
    if (model.tabs[other].page !== undefined && !(await run(other, `visit.sees('${effect.id}')`))) {
      fail(`tab ${other} does not see the cookie of tab ${tab}`);
    }
  };

  /** Opens a page in a tab, and waits until the tag has read who is here: then it tracks the view of the page. */
  const load = async (model: BrowserModel, tab: TabName, page: { number: number; url: string }) => {
    const place = await seat.tab(tab);
    await online(model, () => place.goto(page.url, { waitUntil: 'domcontentloaded' }));
    model.tabs[tab] = { page: page.number, hidden: false };
    model.viewed(await run(tab, 'visit.viewed()'), page.number);
  };

  /** A page goes on to another by itself. */
  const arrive = async (
    model: BrowserModel,
    tab: TabName,
    next: { number: number; url: string },
    leave: () => Promise<unknown>,
  ) => {
    const place = await seat.tab(tab);
    await online(model, async () => {
      await leave();
      await place.waitForURL(next.url, { waitUntil: 'domcontentloaded' });
    });
    model.tabs[tab] = { page: next.number, hidden: false };
    model.viewed(await run(tab, 'visit.viewed()'), next.number);
    await takeEffect(model, tab, model.periods);
  };

  return {
    /** What was done, in words. */
    log,
    /** What was seen to be wrong on the way. */
    faults,
    say,

    /** The two tabs are opened at the same moment: none knows what the other makes of the missing cookie. */
    async openBoth(model: BrowserModel): Promise<void> {
      say('both tabs are opened at once');
      await Promise.all([load(model, 'A', visitor.nextPage()), load(model, 'B', visitor.nextPage())]);
      await takeEffect(model, 'A', []);
    },

    /** A page in a tab, whose own script makes some calls before the tag is there. */
    async open(model: BrowserModel, tab: TabName, calls: readonly Call[]): Promise<void> {
      const { script, words } = model.call(calls, visitor.pages() + 1);
      const page = visitor.nextPage({ script });
      say(`tab ${tab}: open page ${page.number}${words && `, which does at once: ${words}`}`);
      await load(model, tab, page);
      // It has read the whole table.
      await takeEffect(model, tab, model.periods);
    },

    /** The same, but the page goes on to the next as soon as the tag is there, which has not read who is here. */
    async hurry(model: BrowserModel, tab: TabName, calls: readonly Call[]): Promise<void> {
      const next = visitor.nextPage();
      const { script, words } = model.call(calls, visitor.pages() + 1);
      const page = visitor.nextPage({ script: `${script}; visit.goesOn('${next.url}')`, pageViews: false });
      say(
        `tab ${tab}: open page ${page.number}, which does at once: ${words}; goes on to page ${next.number}`,
      );
      const place = await seat.tab(tab);
      await arrive(model, tab, next, () => place.goto(page.url, { waitUntil: 'commit' }));
    },

    /** Some calls in one task of the page that is open, which goes on to the next in that same task. */
    async go(model: BrowserModel, tab: TabName, calls: readonly Call[]): Promise<void> {
      const next = visitor.nextPage();
      const { script, words } = model.call(calls, model.tabs[tab].page!);
      say(`tab ${tab}: ${words}; goes on to page ${next.number}`);
      await arrive(model, tab, next, () =>
        run(tab, `void (() => { ${script}; location.href = '${next.url}' })()`),
      );
    },

    /** Back to the page before, which the browser may have kept as it was. */
    async back(model: BrowserModel, tab: TabName, page: number): Promise<void> {
      say(`tab ${tab}: back to page ${page}`);
      const place = await seat.tab(tab);
      await online(model, () => place.goBack({ waitUntil: 'commit' }));
      await place.waitForFunction(() => 'visit' in window);
      model.tabs[tab].page = page;
      model.viewed(await run(tab, 'visit.viewed()'), page);
    },

    /** To be told to a page before it is left for another one in its tab. */
    leaves: (tab: TabName): Promise<void> => run(tab, 'visit.leaves()'),

    /** Some calls in one task. */
    async call(model: BrowserModel, tab: TabName, calls: readonly Call[]): Promise<void> {
      const { script, words, told } = model.call(calls, model.tabs[tab].page!);
      say(`tab ${tab}: ${words}`);
      await run(tab, `void (() => { ${script} })()`);
      if (calls.some(({ kind }) => kind !== 'track')) await takeEffect(model, tab, told);
    },

    async close(model: BrowserModel, tab: TabName): Promise<void> {
      say(`tab ${tab}: close`);
      model.tabs[tab].page = undefined;
      await seat.close(tab);
    },

    /** The visitor looks at this tab: the other one is hidden. */
    async look(model: BrowserModel, tab: TabName): Promise<void> {
      say(`look at tab ${tab}`);
      for (const name of ['A', 'B'] as const) {
        const state = model.tabs[name];
        const hidden = name !== tab;
        if (state.page === undefined || state.hidden === hidden) continue;
        state.hidden = hidden;
        await run(name, `visit.look(${!hidden})`);
      }
    },

    /** From here on, requests fare so. When they may pass again, both tabs are told that the network is back. */
    async setNetwork(model: BrowserModel, network: Network): Promise<void> {
      say(`network: ${network}`);
      model.network = network;
      visitor.link = network === 'offline' ? 'cut' : network;
      await seat.setOffline(true);
      if (network !== 'offline') await seat.setOffline(false);
    },

    async flush(tab: TabName): Promise<void> {
      say(`tab ${tab}: flush`);
      await run(tab, 'shoptrail.flush()');
    },

    /** Waits until what a tab has is delivered by its own timers. */
    async wait(model: BrowserModel, tab: TabName): Promise<void> {
      say(`tab ${tab}: wait until everything of its page is delivered`);
      const { page } = model.tabs[tab];
      // A page that holds its events learns only with the next of them whom another tab has told the table of.
      const knows = ({ period }: Tracked) => model.settings.anonymous === 'send' || period.knownTo.has(page!);
      const own = model.tracked.filter(each => each.page === page && knows(each));
      const done = await visitor.until(() => own.every(({ key }) => visitor.keys.has(key)), DEADLINE);
      if (!done) fail('not delivered, though nothing stands in the way');
    },

    /** Everything is online again, both tabs end, and a last page delivers what is left. */
    async end(model: BrowserModel): Promise<void> {
      if (model.network !== 'up') await this.setNetwork(model, 'up');
      const page = visitor.nextPage({ before: clockShift(LATER), delay: 0 });
      say(`both tabs leave, and 40 s later page ${page.number} is opened`);
      if (model.tabs.B.page !== undefined) await (await seat.tab('B')).goto('about:blank');
      model.tabs.B.page = undefined;
      await load(model, 'A', page);
      await takeEffect(model, 'A', model.periods);
      const due = model.tracked.filter(each => !model.isHeld(each));
      await visitor.until(() => due.every(({ key }) => visitor.keys.has(key)), DEADLINE);
      // Only when its queue is empty would it have sent a wrong repeat.
      if (!(await run<boolean>('A', `visit.keeps(${model.tracked.length - due.length})`))) {
        fail('the browser still keeps events that were delivered');
      }
    },
  };
};

export type Tabs = ReturnType<typeof createTabs>;
