import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { type Engine, findEngine } from '../support/engines/index';
import { type Job, readOptions } from './options';
import { emptyRow, head, isFailed, lineOf, type Row, total } from './report';
import { runJob } from './run-job';
import { allScenarios } from './scenarios/index';
import { createSeat } from './seat';
import { olderTags, type Servers, startServers } from './servers';

/** Everything that is written is here. Relative to the project's folder, as the traces are named in the output. */
const RESULTS = 'test-results/delivery';
const PROFILES = `${process.cwd()}/${RESULTS}/profiles`;

const runEngine = async (engine: Engine, jobs: Job[], servers: Servers, done: (row: Row) => void) => {
  const launch = findEngine(engine);
  if (!launch) {
    for (const job of jobs) done({ ...emptyRow(job), skipped: 'the engine is not on this machine' });
    return;
  }
  const sit = (name: string, refuseCookies: boolean) =>
    createSeat(launch, servers.site.port, `${PROFILES}/${name}`, refuseCookies);
  const usual = sit(engine, false);
  const withoutCookies = sit(`${engine}-no-cookies`, true);
  try {
    for (const job of jobs) {
      const seat = job.scenario.refuseCookies ? withoutCookies : usual;
      // WebKitGTK's browser ends with its 400th tab, whatever is in it: each scenario has a new one.
      if (engine === 'webkit') await seat.leave();
      await seat.take();
      done(await runJob(job, { ...servers, seat }, RESULTS));
    }
  } finally {
    await usual.leave();
    await withoutCookies.leave();
  }
};

const clean = () => {
  rmSync(PROFILES, { recursive: true, force: true });
  for (const file of readdirSync(RESULTS)) if (file.endsWith('.json')) rmSync(`${RESULTS}/${file}`);
  mkdirSync(PROFILES, { recursive: true });
};

/** Runs what the command line asks for. Answers the exit code. */
export const main = async (args: string[]): Promise<number> => {
  let options: ReturnType<typeof readOptions>;
  try {
    options = readOptions(args, allScenarios(olderTags()));
  } catch (error) {
    console.error((error as Error).message);
    return 2;
  }
  // Servers and browsers are ended when the process exits, which a signal alone does not make it do.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  clean();

  const servers = await startServers(options.tag);
  const rows: Row[] = [];
  const done = (row: Row) => {
    rows.push(row);
    console.log(lineOf(row));
  };
  console.log(head());
  try {
    for (const engine of new Set(options.jobs.map(job => job.engine))) {
      const jobs = options.jobs.filter(job => job.engine === engine);
      await runEngine(engine, jobs, servers, done);
    }
  } finally {
    await servers.close();
    rmSync(PROFILES, { recursive: true, force: true });
  }
  if (rows.length > 1) console.log(['', head(), ...rows.map(lineOf)].join('\n'));
  console.log(`\n${total(rows)}`);
  return rows.some(isFailed) ? 1 : 0;
};
