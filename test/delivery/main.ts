import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Aimed, type Browser, type Engine, findEngine, type Launch } from '../support/engines/index';
import { startStack } from '../support/stack';
import { startGate } from './gate';
import { type Balance, balance, type Entry, readBooks } from './ledger';
import { type Job, readOptions } from './options';
import { faultsOf, head, isFailed, lineOf, type Row, total } from './report';
import { Cannot, type Scenario } from './scenario';
import { allScenarios } from './scenarios/index';
import { startSite } from './site';
import { type Account, createTrial, type Seat, type Trial, type World } from './trial';
import { poll } from './until';

const RESULTS = resolve('test-results/delivery');

/** The sweep over the time between `track()` and the act, in ms. */
const LONGEST_DELAY = 60;

/** How long the relay may take to hand everything on: the platform's rate begins with 20 events a second. */
const FORWARD_DEADLINE = 300_000;

/** The relay as the tests need it: nothing limited by address, robots welcome, a platform that takes much. */
const relaySettings = { RATE_VISITOR: '0', RATE_ADDRESS: '0', BOTS: 'keep', PLATFORM_RATE_MAX: '10000' };

/** The tags of earlier versions that are kept to see their queues delivered. */
const OLDER = resolve('test/delivery/older');
const older = existsSync(OLDER) ? readdirSync(OLDER).filter(name => name.endsWith('.js')) : [];

const tagFiles = (tag: string) => ({
  'shoptrail.js': resolve(tag),
  ...Object.fromEntries(older.map(name => [name, resolve(OLDER, name)])),
});

const isAlive = async (browser: Browser) => {
  const open = browser.newTab().then(
    tab => tab.close().then(() => true),
    () => false,
  );
  return Promise.race([
    open,
    new Promise<false>(resolve => setTimeout(resolve, 10_000, false).unref()),
  ]).catch(() => false);
};

/** One browser that the scenarios of an engine share; started when it is first needed, and anew after a kill. */
const createSeat = (launch: Launch, port: number, profile: string, refuseCookies = false) => {
  let browser: Browser | undefined;
  const start = async () => {
    browser = await launch({ profile, shops: { port }, refuseCookies });
    return browser;
  };
  return {
    /** The browser, alive: a scenario may have left it dead. */
    async take() {
      if (browser && !(await isAlive(browser))) {
        await browser.kill();
        browser = undefined;
      }
      return browser ?? start();
    },
    browser: () => browser!,
    async restart(aimed?: Aimed) {
      await (aimed ?? browser!).kill();
      await start();
    },
    async leave() {
      await browser?.quit();
      browser = undefined;
    },
  };
};

interface Outcome {
  trial: Trial;
  entry: Entry;
  error?: string;
}

/** What a tag has said that it must not say. */
const unexpected = (accounts: Account[], mayDrop: boolean) => {
  const { event, id, reason } =
    accounts.flatMap(
      ({ invalid, rejected, dropped }): Partial<Record<'event' | 'id' | 'reason', string>>[] => [
        ...invalid,
        ...rejected,
        ...(mayDrop ? [] : dropped),
      ],
    )[0] ?? {};
  return reason && `the tag gave up ${event ?? id}: ${reason}`;
};

const runTrial = async (scenario: Scenario, trial: Trial): Promise<Outcome> => {
  let error: string | undefined;
  try {
    await scenario.run(trial);
  } catch (thrown) {
    if (thrown instanceof Cannot) throw thrown;
    error = (thrown as Error).message.split('\n')[0];
  }
  await trial.closeTabs();
  const { visitor } = trial;
  const accounts = [...trial.accounts.values()];
  error ??= unexpected(accounts, !!scenario.mayDrop);
  const entry = { accounts, visitor, excused: trial.excused, mayDrop: !!scenario.mayDrop };
  return { trial, entry, ...(error && { error }) };
};

/** Runs all trials of a scenario, some of them at once. */
const runTrials = async ({ scenario, trials }: Job, world: World): Promise<Outcome[]> => {
  const outcomes: Outcome[] = [];
  let next = 0;
  const lane = async () => {
    while (next < trials) {
      const number = next++;
      const delay = trials > 1 ? Math.round((LONGEST_DELAY * number) / (trials - 1)) : 0;
      outcomes.push(await runTrial(scenario, createTrial(world, number, delay, scenario.plainHttp)));
    }
  };
  await Promise.all(Array.from({ length: scenario.together ?? 1 }, lane));
  return outcomes;
};

const trace = (job: Job, { trial, entry, error }: Outcome, result: Balance) => {
  const name = `${job.scenario.name}-${job.engine}-${trial.number}.json`;
  const { exchanges } = trial.visitor;
  const { delay, left } = trial;
  const content = { delay, error, left: left(), ...result, accounts: entry.accounts, exchanges };
  writeFileSync(`${RESULTS}/${name}`, JSON.stringify(content, undefined, 1));
  return `test-results/delivery/${name}`;
};

const runJob = async (job: Job, world: World): Promise<Row> => {
  const { scenario, engine, trials } = job;
  const row = { scenario: scenario.name, engine, trials };
  const none = { tracked: 0, lost: 0, repeated: 0, inDoubt: 0, outOfOrder: 0, failed: 0, seconds: 0 };
  const cannot = await scenario.cannot?.(world.seat.browser());
  if (cannot) return { ...row, ...none, skipped: cannot };

  const begun = Date.now();
  const { stack } = world;
  const since = (await stack.events()).at(-1)?.n ?? 0;
  let outcomes: Outcome[];
  try {
    outcomes = await runTrials(job, world);
  } catch (error) {
    if (error instanceof Cannot) return { ...row, ...none, skipped: error.message };
    throw error;
  }
  const isForwarded = async () => !(await stack.ledger()).waiting.length;
  const forwarded = await poll(isForwarded, FORWARD_DEADLINE, 100);
  const events = (await stack.events()).filter(({ n }) => n > since);
  const books = readBooks(await stack.ledger(), events);
  const results = outcomes.map(outcome => ({ outcome, result: balance(outcome.entry, books) }));

  for (const { outcome, result } of results) {
    const faults = faultsOf(result, outcome.error);
    const { number, delay } = outcome.trial;
    const file = faults || job.trace ? trace(job, outcome, result) : '';
    if (faults) console.log(`  trial ${number} (${delay} ms): ${faults} - ${file}`);
  }
  if (!forwarded) console.log('  the relay has not handed everything on');
  const beyond = results.filter(({ result }) => result.beyond).length;
  if (beyond)
    console.log(`  in ${beyond} trials the kill came before anything could be kept (README: witness)`);
  const left = outcomes.filter(({ trial }) => trial.left()).length;
  if (left) console.log(`  in ${left} trials the browser still kept what was delivered`);

  const sum = (pick: (result: Balance) => number) =>
    results.reduce((amount, { result }) => amount + pick(result), 0);
  return {
    ...row,
    tracked: sum(result => result.tracked),
    lost: sum(result => result.lost.length),
    repeated: sum(result => result.repeated.length),
    inDoubt: sum(result => result.inDoubt.length),
    outOfOrder: sum(result => result.outOfOrder.length),
    failed: outcomes.filter(({ error }) => error).length,
    seconds: (Date.now() - begun) / 1_000,
  };
};

const startServers = async (tag: string) => {
  const gate = await startGate();
  const stack = await startStack({ relay: { ...relaySettings, PLATFORM_URL: `${gate.url}/api` } });
  gate.to(stack.sandboxUrl);
  const site = await startSite(tagFiles(tag), () => stack.relayUrl);
  return {
    gate,
    stack,
    site,
    async close() {
      await site.close();
      await stack.close();
      await gate.down();
    },
  };
};

type Servers = Awaited<ReturnType<typeof startServers>>;

const runEngine = async (engine: Engine, jobs: Job[], servers: Servers, done: (row: Row) => void) => {
  const launch = findEngine(engine);
  if (!launch) {
    for (const { scenario, trials } of jobs) {
      const none = { tracked: 0, lost: 0, repeated: 0, inDoubt: 0, outOfOrder: 0, failed: 0, seconds: 0 };
      done({
        scenario: scenario.name,
        engine,
        trials,
        ...none,
        skipped: 'the engine is not on this machine',
      });
    }
    return;
  }
  const profile = `${RESULTS}/profiles/${engine}`;
  const usual = createSeat(launch, servers.site.port, profile);
  try {
    for (const job of jobs) {
      const own = job.scenario.refuseCookies
        ? createSeat(launch, servers.site.port, `${profile}-no-cookies`, true)
        : usual;
      const seat: Seat = own;
      await own.take();
      done(await runJob(job, { ...servers, seat }));
      if (own !== usual) await own.leave();
    }
  } finally {
    await usual.leave();
  }
};

/** Runs what the command line asks for. Answers the exit code. */
export const main = async (args: string[]): Promise<number> => {
  let options: ReturnType<typeof readOptions>;
  try {
    options = readOptions(args, allScenarios(older));
  } catch (error) {
    console.error((error as Error).message);
    return 2;
  }
  // Servers and browsers are ended when the process exits, which a signal alone does not make it do.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  rmSync(`${RESULTS}/profiles`, { recursive: true, force: true });
  for (const file of readdirSync(RESULTS)) if (file.endsWith('.json')) rmSync(`${RESULTS}/${file}`);
  mkdirSync(`${RESULTS}/profiles`, { recursive: true });

  const servers = await startServers(options.tag);
  const rows: Row[] = [];
  const done = (row: Row) => {
    rows.push(row);
    console.log(lineOf(row));
  };
  console.log(head());
  try {
    for (const engine of new Set(options.jobs.map(job => job.engine))) {
      const own = options.jobs.filter(job => job.engine === engine);
      await runEngine(engine, own, servers, done);
    }
  } finally {
    await servers.close();
    rmSync(`${RESULTS}/profiles`, { recursive: true, force: true });
  }
  if (rows.length > 1) console.log(['', head(), ...rows.map(lineOf)].join('\n'));
  console.log(`\n${total(rows)}`);
  return rows.some(isFailed) ? 1 : 0;
};
