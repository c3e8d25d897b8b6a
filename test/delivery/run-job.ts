import { writeFileSync } from 'node:fs';
import { type Balance, balance, type Entry, readBooks } from './ledger';
import type { Job } from './options';
import { emptyRow, faultsOf, type Row } from './report';
import { Cannot } from './scenario';
import { type Account, createTrial, SILENT, type Trial, type World } from './trial';
import { poll } from './until';

/** The sweep over the time between `track()` and the act, in ms. */
const LONGEST_DELAY = 60;

/** How long the relay may take to hand everything on: the platform's rate begins with 20 events a second. */
const FORWARD_DEADLINE = 300_000;

interface Outcome {
  trial: Trial;
  entry: Entry;
  error?: string;
}

/** What a tag has said that it must not say. */
const unexpected = ({ invalid, rejected, dropped }: Account, mayDrop: boolean): string[] => [
  ...invalid.map(({ event, reason }) => `${event} was refused: ${reason}`),
  ...rejected.map(({ reason }) => `an event was rejected: ${reason}`),
  ...(mayDrop ? [] : dropped.map(({ event, reason }) => `${event} was dropped: ${reason}`)),
];

const runTrial = async ({ scenario }: Job, trial: Trial): Promise<Outcome> => {
  const { visitor, excused, accounts } = trial;
  const mayDrop = !!scenario.mayDrop;
  let error: string | undefined;
  try {
    await scenario.run(trial);
  } catch (thrown) {
    if (thrown instanceof Cannot) throw thrown;
    error = (thrown as Error).message.split('\n')[0];
  }
  await trial.closeTabs();
  error ??= [...accounts.values()].flatMap(account => unexpected(account, mayDrop))[0];
  return {
    trial,
    entry: { accounts: [...accounts.values()], visitor, excused, mayDrop },
    ...(error && { error }),
  };
};

/** What a failed trial has left stopped, closed or dead is in order again for the next. */
const repair = async ({ together }: Job['scenario'], { stack, clearFaults, seat }: World) => {
  // Other trials are under way: only a browser that has ended is of no use to them either.
  if (!together) {
    await stack.restartRelay();
    await clearFaults();
  }
  await seat.take();
};

/** Runs all trials of a scenario, some of them at once. */
const runTrials = async (job: Job, world: World): Promise<Outcome[]> => {
  const { scenario, trials } = job;
  const outcomes: Outcome[] = [];
  let next = 0;
  let repairing: Promise<void> | undefined;
  const lane = async () => {
    while (next < trials) {
      const number = next++;
      const delay = trials > 1 ? Math.round((LONGEST_DELAY * number) / (trials - 1)) : 0;
      const outcome = await runTrial(job, createTrial(world, number, delay, scenario.plainHttp));
      outcomes.push(outcome);
      if (outcome.error) {
        repairing ??= repair(scenario, world).finally(() => {
          repairing = undefined;
        });
      }
      await repairing;
    }
  };
  await Promise.all(Array.from({ length: scenario.together ?? 1 }, lane));
  return outcomes;
};

const writeTrace = (folder: string, job: Job, { trial, entry, error }: Outcome, result: Balance): string => {
  const file = `${folder}/${job.scenario.name}-${job.engine}-${trial.number}.json`;
  const { delay, left, visitor } = trial;
  const { accounts } = entry;
  const content = { delay, error, left: left(), ...result, accounts, exchanges: visitor.exchanges };
  writeFileSync(file, JSON.stringify(content, undefined, 1));
  return file;
};

/**
 * Runs one scenario in one engine, compares what its pages accepted with what left the relay, and prints what was wrong.
 * @param folder where traces are written
 */
export const runJob = async (job: Job, world: World, folder: string): Promise<Row> => {
  const { scenario } = job;
  const { stack, seat } = world;
  const empty = emptyRow(job);
  const cannot = await scenario.cannot?.(await seat.take());
  if (cannot) return { ...empty, skipped: cannot };

  const begun = Date.now();
  const since = (await stack.events()).at(-1)?.n ?? 0;
  let outcomes: Outcome[];
  try {
    outcomes = await runTrials(job, world);
  } catch (error) {
    if (error instanceof Cannot) return { ...empty, skipped: error.message };
    throw error;
  }
  const isForwarded = async () => !(await stack.ledger()).waiting.length;
  const forwarded = await poll(isForwarded, FORWARD_DEADLINE, 100);
  const events = (await stack.events()).filter(({ n }) => n > since);
  const books = readBooks(await stack.ledger(), events);
  const results = outcomes.map(outcome => ({ outcome, result: balance(outcome.entry, books) }));

  for (const { outcome, result } of results) {
    const faults = faultsOf(result, outcome.error);
    const file = faults || job.trace ? writeTrace(folder, job, outcome, result) : '';
    const { number, delay } = outcome.trial;
    if (faults) console.log(`  trial ${number} (${delay} ms): ${faults} - ${file}`);
  }
  if (!forwarded) console.log('  the relay has not handed everything on');
  const beyond = results.filter(({ result }) => result.beyond).length;
  if (beyond)
    console.log(`  in ${beyond} trials the kill came before anything could be kept (README: witness)`);
  const left = outcomes.filter(({ trial }) => trial.left() > 0).length;
  if (left) console.log(`  in ${left} trials the browser still kept what was delivered`);
  const silent = outcomes.filter(({ trial }) => trial.left() === SILENT).length;
  if (silent) console.log(`  in ${silent} trials the database did not answer at the end`);

  const sum = (pick: (result: Balance) => number) =>
    results.reduce((amount, { result }) => amount + pick(result), 0);
  return {
    ...empty,
    tracked: sum(result => result.tracked),
    lost: sum(result => result.lost.length),
    repeated: sum(result => result.repeated.length),
    inDoubt: sum(result => result.inDoubt.length),
    outOfOrder: sum(result => result.outOfOrder.length),
    failed: outcomes.filter(({ error }) => error).length,
    seconds: (Date.now() - begun) / 1_000,
  };
};
