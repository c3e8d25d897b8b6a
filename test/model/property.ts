import fc from 'fast-check';
import { createModel, type Settings } from './browser-model';
import type { Command } from './commands';
import { judge } from './judge';
import type { Seat } from './seat';
import type { Shop, Visitor } from './shop';
import { createTabs } from './two-tabs';

/** A run that went wrong: what was done, what is wrong with it, and what left the browser. */
export class Wrong extends Error {
  constructor(
    readonly faults: string[],
    readonly log: string[],
    readonly visitor: Visitor,
  ) {
    super(faults.join('\n'));
  }
}

/** A run that takes longer hangs, in ms. */
const LONGEST = 90_000;

const within = async <Value>(work: Promise<Value>): Promise<Value> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Error(`the run did not end within ${LONGEST / 1000} s`)), LONGEST);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
};

/** How much there was in a run. */
export interface Amount {
  steps: number;
  events: number;
  /** How often a sign-out or another person began another anonymous id. */
  changes: number;
}

/** One visitor does what the commands say; then everything that left is judged. Throws what is wrong. */
export const runOnce = async (
  seat: Seat,
  shop: Shop,
  settings: Settings,
  steps: Iterable<Command>,
): Promise<Amount> => {
  await seat.take();
  const visitor = shop.visitor(settings);
  const tabs = createTabs(seat, visitor);
  const model = createModel(settings);
  const all = async () => {
    tabs.say(`settings: ${JSON.stringify(settings)}`);
    if (settings.atOnce) await tabs.openBoth(model);
    else for (const tab of ['A', 'B'] as const) await tabs.open(model, tab, []);
    await fc.asyncModelRun(() => ({ model, real: tabs }), steps);
    await tabs.end(model);
    return [...tabs.faults, ...judge(model, visitor)];
  };
  let faults: string[];
  try {
    faults = await within(all());
  } catch (error) {
    faults = [...tabs.faults, (error as Error).message];
  }
  if (faults.length) {
    await seat.renew();
    throw new Wrong(faults, tabs.log, visitor);
  }
  return {
    steps: tabs.log.length,
    events: model.tracked.length,
    changes: model.periods.length - 1,
  };
};
