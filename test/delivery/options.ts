import { parseArgs } from 'node:util';
import { type Engine, engines } from '../support/engines/index';
import type { Scenario } from './scenario';

/** One scenario in one engine, so many times. */
export interface Job {
  scenario: Scenario;
  engine: Engine;
  trials: number;
  /** Whether to write down what happened in trials without a fault, too. */
  trace: boolean;
}

const words = (text: string | undefined) => text?.split(',').map(word => word.trim());

/** How often each group runs when nobody says: the engine of most visitors is tried hardest. */
const usual = {
  chromium: { race: 200, outage: 20 },
  firefox: { race: 40, outage: 0 },
  webkit: { race: 40, outage: 0 },
};

/** Reads the command line. Throws a sentence when it cannot be understood. */
export const readOptions = (args: string[], scenarios: readonly Scenario[]): { jobs: Job[]; tag: string } => {
  const { values } = parseArgs({
    args,
    options: {
      engine: { type: 'string' },
      scenario: { type: 'string' },
      trials: { type: 'string' },
      trace: { type: 'boolean' },
      tag: { type: 'string', default: 'dist/shoptrail.js' },
    },
  });
  const trials = values.trials === undefined ? undefined : Number(values.trials);
  if (trials !== undefined && !(Number.isInteger(trials) && trials > 0)) {
    throw Error('--trials: a whole number from 1 on');
  }
  const wanted = words(values.engine) ?? (trials === undefined ? engines : ['chromium']);
  for (const name of wanted) {
    if (!engines.includes(name as Engine)) throw Error(`--engine: ${name} is none of ${engines.join(', ')}`);
  }
  const chosen = words(values.scenario);
  const fits = (name: string, { name: own, group }: Scenario) => name === own || name === group;
  for (const name of chosen ?? []) {
    if (!scenarios.some(scenario => fits(name, scenario))) {
      throw Error(
        `--scenario: ${name} is none of race, outage, ${scenarios.map(each => each.name).join(', ')}`,
      );
    }
  }
  const jobs = engines
    .filter(engine => wanted.includes(engine))
    .flatMap(engine =>
      scenarios
        .filter(scenario => !chosen || chosen.some(name => fits(name, scenario)))
        .map(scenario => ({
          scenario,
          engine,
          trace: !!values.trace,
          // Who names a scenario wants to see it, in whichever engine.
          trials: trials ?? (usual[engine][scenario.group] || (chosen ? 20 : 0)),
        })),
    )
    .filter(job => job.trials);
  return { jobs, tag: values.tag };
};
