import fc from 'fast-check';
import type { BrowserModel, Call, Network, Settings, TabName } from './browser-model';
import { faces, names } from './people';
import type { Tabs } from './two-tabs';

export type Command = fc.AsyncCommand<BrowserModel, Tabs, true>;

const command = (
  words: string,
  check: (model: BrowserModel) => boolean,
  run: (model: BrowserModel, tabs: Tabs) => Promise<void>,
): Command => ({ check: async model => check(model), run, toString: () => words });

const tab = fc.constantFrom<TabName>('A', 'B');

const call: fc.Arbitrary<Call> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Call>({ kind: 'track' }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('identify' as const),
      who: fc.constantFrom(...names),
      face: fc.constantFrom(...faces),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Call>({ kind: 'reset' }) },
);

const calls = (minLength: number) => fc.array(call, { minLength, maxLength: 4 });

const isOpen = ({ tabs }: BrowserModel, name: TabName) => tabs[name].page !== undefined;
const isSeen = (model: BrowserModel, name: TabName) => isOpen(model, name) && !model.tabs[name].hidden;

/** The shop's code on the page calls, in one task. */
const callIn = fc.tuple(tab, calls(1)).map(([name, list]) =>
  command(
    'call',
    model => isOpen(model, name),
    (model, tabs) => tabs.call(model, name, list),
  ),
);

/** A page is opened in a tab, open or not. Often it says at once who is here, as shops do. */
const open = fc.tuple(tab, calls(0)).map(([name, list]) =>
  command(
    'open',
    () => true,
    (model, tabs) => tabs.open(model, name, list),
  ),
);

/**
 * A page that says that somebody else is here, and is left before the tag can know who was. Of somebody who may be the
 * same, the tag may begin another anonymous id to be sure, and may not if it was quick enough: that is not tried.
 */
const hurry = fc.tuple(tab, calls(1)).map(([name, list]) =>
  command(
    'hurry',
    model => model.isClear(list),
    (model, tabs) => tabs.hurry(model, name, list),
  ),
);

/** The shop's code calls, and leaves the page in the same task. The same is not tried. */
const go = fc.tuple(tab, calls(1)).map(([name, list]) =>
  command(
    'go',
    model => isOpen(model, name) && model.isClear(list),
    (model, tabs) => tabs.go(model, name, list),
  ),
);

/** To another page and back: the browser keeps the first as it was. */
const detour = fc.tuple(tab, calls(0)).map(([name, list]) =>
  command(
    'detour',
    model => isSeen(model, name),
    async (model, tabs) => {
      const { page } = model.tabs[name];
      await tabs.leaves(name);
      await tabs.open(model, name, list);
      await tabs.back(model, name, page!);
    },
  ),
);

const close = tab.map(name =>
  command(
    'close',
    model => isOpen(model, name),
    (model, tabs) => tabs.close(model, name),
  ),
);

const look = tab.map(name =>
  command(
    'look',
    model => isOpen(model, name),
    (model, tabs) => tabs.look(model, name),
  ),
);

const flush = tab.map(name =>
  command(
    'flush',
    model => isOpen(model, name),
    (_model, tabs) => tabs.flush(name),
  ),
);

/** Only where the tag's own timers end soon. */
const wait = tab.map(name =>
  command(
    'wait',
    model => isSeen(model, name) && model.leavesSoon && /up|slow/.test(model.network),
    (model, tabs) => tabs.wait(model, name),
  ),
);

const network = fc
  .constantFrom<Network>('up', 'up', 'slow', 'busy', 'answers lost', 'cut', 'offline')
  .map(to =>
    command(
      'network',
      model => model.network !== to,
      (model, tabs) => tabs.setNetwork(model, to),
    ),
  );

/** How many commands a run has at most: twelve on average, and some of them cannot be done and are left out. */
const MOST = 24;

/** The commands, each as often as it shall be drawn beside the others. */
const drawn: [times: number, fc.Arbitrary<Command>][] = [
  [12, callIn],
  [2, open],
  [2, hurry],
  [2, go],
  [1, detour],
  [1, close],
  [2, look],
  [1, flush],
  [1, wait],
  [3, network],
];

/** @param replayPath of a run that failed, as it was printed */
export const commands = (replayPath?: string) =>
  fc.commands<BrowserModel, Tabs, true>(
    drawn.flatMap(([times, each]) => Array.from({ length: times }, () => each)),
    { maxCommands: MOST, size: 'max', replayPath },
  );

export const settings: fc.Arbitrary<Settings> = fc
  .record({
    // Mostly long: what has left already belongs to nobody else any more.
    delay: fc.constantFrom(2000, 2000, 40, 0),
    anonymous: fc.constantFrom<Settings['anonymous']>('send', 'send', 'send', 'hold'),
    identifyEvent: fc.boolean(),
    atOnce: fc.boolean(),
  })
  // What must stay in the browser would have to be known: see isUnsettled.
  .map(each => ({ ...each, atOnce: each.atOnce && each.anonymous === 'send' }));
