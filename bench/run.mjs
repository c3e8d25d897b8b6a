/**
 * `npm run bench`: our tag in peers-bench, beside the rival of each row; one table, and exit code 1 when a row is over
 * its limit. See README.md beside this file.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { findChromium } from '../scripts/browser.mjs';
import { root, run } from '../scripts/install.mjs';
import { findPeers, preparePeers } from './peers.mjs';
import { groups } from './rows.mjs';
import { tableOf } from './table.mjs';

const HELP = `node bench/run.mjs [options]
  --rows a,b       which of ${Object.keys(groups).join(', ')}; default all
  --runs N         runs of which the median is taken; default 5 (delivery: always one)
  --scale N        multiplies loads, calls, sessions and trials of each run; default 1
  --scenarios a,b  which delivery columns, by the beginning of their names: i,v-kill; default all
  --tag FILE       measures this file instead of building dist/shoptrail.js
  --out FILE       also writes every run's values as JSON`;

const positive = (name, text) => {
  const number = Number(text);
  if (number > 0) return number;
  throw Error(`--${name}: expected a number above 0.`);
};

const readOptions = () => {
  const text = { type: 'string' };
  const { values } = parseArgs({
    options: {
      rows: text,
      runs: text,
      scale: text,
      scenarios: text,
      tag: text,
      out: text,
      help: { type: 'boolean' },
    },
  });
  const rows = values.rows?.split(',') ?? Object.keys(groups);
  const unknown = rows.find(name => !Object.hasOwn(groups, name));
  if (unknown) throw Error(`--rows: no rows "${unknown}". There are ${Object.keys(groups).join(', ')}.`);
  return {
    ...values,
    rows,
    runs: Math.ceil(positive('runs', values.runs ?? 5)),
    scale: positive('scale', values.scale ?? 1),
  };
};

const build = () => {
  if (!run(process.execPath, ['esbuild.config.mjs'])) throw Error('The build failed.');
  return `${root}dist/shoptrail.js`;
};

/** Every run of every group: the groups in turn, so that a slow minute of the machine is in one run of each. */
const measureAll = async (peers, { rows, runs, scale, scenarios }) => {
  const measured = Object.fromEntries(rows.map(name => [name, []]));
  for (let n = 0; n < runs; n++) {
    for (const name of rows) {
      const { test, rivals, once, ...group } = groups[name];
      if (once && n) continue;
      console.error(`\n== ${name}, run ${n + 1} of ${once ? 1 : runs}`);
      measured[name].push(await peers.measure({ test, rivals, scale: group.scale * scale, scenarios }));
    }
  }
  return measured;
};

const main = async () => {
  const options = readOptions();
  if (options.help) return console.log(HELP);
  const peers = await preparePeers(findPeers(), options.tag ?? build(), findChromium());
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      peers.close();
      process.exit(1);
    });
  }
  try {
    const measured = await measureAll(peers, options);
    if (options.out) writeFileSync(options.out, `${JSON.stringify(measured, null, 1)}\n`);
    const { text, over } = tableOf(measured);
    console.log(text);
    process.exitCode = over ? 1 : 0;
  } finally {
    peers.close();
  }
};

main().catch(error => {
  console.error(error.message);
  process.exitCode = 1;
});
