import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { commands, settings } from './commands';
import { type Amount, runOnce, Wrong } from './property';
import { startSeat } from './seat';
import { startShop } from './shop';

const RESULTS = 'test-results/model';
const TRACE = `${RESULTS}/failed.json`;

/** How long a shorter run that fails is looked for, in ms. */
const SHRINKING = 180_000;

const readOptions = (args: string[]) => {
  const { values } = parseArgs({
    args,
    options: {
      runs: { type: 'string', default: '2000' },
      seed: { type: 'string', default: `${Date.now() % 0x7fffffff}` },
      path: { type: 'string' },
      replay: { type: 'string' },
      tag: { type: 'string', default: 'dist/shoptrail.js' },
    },
  });
  const [runs, seed] = [Number(values.runs), Number(values.seed)];
  if (!(Number.isInteger(runs) && runs > 0)) throw Error('--runs: a whole number from 1 on');
  if (!Number.isInteger(seed)) throw Error('--seed: a whole number');
  return { ...values, runs, seed };
};

/** What failed, how it can be seen again, and the steps that lead there. */
const report = <Values>(details: fc.RunDetails<Values>): string => {
  const { seed, counterexample, counterexamplePath, numRuns, numShrinks, errorInstance } = details;
  const replay = /replayPath="([^"]*)"/.exec(fc.stringify(counterexample))?.[1];
  const lines = [`failed in run ${numRuns}, made shorter ${numShrinks} times`, ''];
  if (errorInstance instanceof Wrong) {
    const { faults, log, visitor } = errorInstance;
    writeFileSync(TRACE, JSON.stringify({ faults, log, copies: visitor.copies }, undefined, 2));
    lines.push(...log.map((words, at) => `${`${at}`.padStart(3)}. ${words}`), '');
    lines.push(...faults.map(fault => `  ✗ ${fault}`), '', `What left the browser: ${TRACE}`);
  } else lines.push(`${errorInstance}`);
  const again = [
    `--runs 1 --seed ${seed}`,
    counterexamplePath && `--path ${counterexamplePath}`,
    replay && `--replay ${replay}`,
  ];
  return [...lines, `Again: node test/model/run.mjs ${again.filter(Boolean).join(' ')}`].join('\n');
};

/** Runs what the command line asks for. Answers the exit code. */
export const main = async (args: string[]): Promise<number> => {
  let options: ReturnType<typeof readOptions>;
  try {
    options = readOptions(args);
  } catch (error) {
    console.error((error as Error).message);
    return 2;
  }
  // The browser is ended when the process exits, which a signal alone does not make it do.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  const { runs, seed, path, replay, tag } = options;
  mkdirSync(RESULTS, { recursive: true });
  rmSync(TRACE, { force: true });
  console.log(`${runs} runs, seed ${seed}`);
  const begun = Date.now();
  const seconds = () => ((Date.now() - begun) / 1000).toFixed(1);
  const shop = await startShop(tag);
  const seat = await startSeat();
  const sum: Amount = { steps: 0, events: 0, changes: 0 };
  let done = 0;
  let failedAt: number | undefined;
  const property = fc.asyncProperty(settings, commands(replay), async (how, steps) => {
    if (failedAt && Date.now() - failedAt > SHRINKING) return;
    try {
      const amount = await runOnce(seat, shop, how, steps);
      for (const each of Object.keys(sum) as (keyof Amount)[]) sum[each] += amount[each];
    } catch (error) {
      failedAt ??= Date.now();
      throw error;
    }
    if (!failedAt && ++done % 100 === 0) console.log(`${done} runs in ${seconds()} s`);
  });
  try {
    const details = await fc.check(property, { numRuns: runs, seed, path });
    if (details.failed) console.log(report(details));
    console.log(`\n${sum.steps} steps, ${sum.events} events, ${sum.changes} changes of person`);
    console.log(`${done} runs passed in ${seconds()} s${details.failed ? ', one FAILED' : ''}`);
    return details.failed ? 1 : 0;
  } finally {
    await seat.leave();
    await shop.close();
  }
};
