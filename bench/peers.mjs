/** A scratch copy of peers-bench, in which our tag is measured beside its rivals. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../scripts/install.mjs';

const CONTESTANT = fileURLToPath(new URL('contestant.mjs', import.meta.url));

/** A test of our own, with the tools of peers-bench. */
const MAIN_THREAD = 'main-thread.mjs';

/** What an earlier run has left in the folder; the copy makes its own. */
const LEFT_OVER = ['node_modules', 'cache', 'results.json'];

/** The original may be read-only, and so would be its copy. */
const makeWritable = folder => {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) makeWritable(join(folder, entry.name));
  }
};

/** The folder of peers-bench: PEERS_BENCH, or where it lies beside the project. Throws a sentence when it is missing. */
export const findPeers = () => {
  const folder = resolve(root, process.env.PEERS_BENCH ?? '../shared/peers-bench');
  if (existsSync(join(folder, 'run.mjs'))) return folder;
  throw Error(
    `The benchmark needs peers-bench, and it is not at ${folder}. Say where it is: PEERS_BENCH=/path/to/peers-bench npm run bench`,
  );
};

/**
 * Copies peers-bench to a temporary folder and installs its packages there.
 *
 * @param {string} source the folder of peers-bench
 * @param {string} tag our tag's file; copied too, so that a build during the measurements does not change it
 * @param {string} chromium the browser's path
 */
export const preparePeers = async (source, tag, chromium) => {
  const folder = mkdtempSync(join(tmpdir(), 'shoptrail-bench-'));
  const env = {
    ...process.env,
    CHROMIUM: chromium,
    CONTESTANT,
    SHOPTRAIL_TAG: join(folder, 'shoptrail.js'),
  };
  let child;

  /** Runs a script of the copy. What it prints is progress, and goes to where it does not disturb the table. */
  const run = async (...args) => {
    child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 2, 2] });
    const [code, signal] = await once(child, 'exit');
    if (code) throw Error(`peers-bench: ${args.join(' ')} ended with ${code}.`);
    if (signal) throw Error(`peers-bench: ${args.join(' ')} was ended by ${signal}.`);
  };

  const close = () => {
    child?.kill();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };

  try {
    cpSync(source, folder, { recursive: true, filter: file => !LEFT_OVER.includes(basename(file)) });
    makeWritable(folder);
    cpSync(tag, env.SHOPTRAIL_TAG);
    cpSync(new URL(MAIN_THREAD, import.meta.url), join(folder, MAIN_THREAD));
    console.error('Installing the packages of peers-bench...');
    await run('setup.mjs');
  } catch (error) {
    close();
    throw error;
  }

  return {
    /**
     * Measures our tag and these rivals, in turn, in one run of one test: of peers-bench by its letter, or `main`.
     * @returns what each contestant got, by its name
     */
    async measure({ test, rivals, scale, scenarios }) {
      const file = `${test}.json`;
      rmSync(join(folder, file), { force: true });
      const args = ['--only', ['shoptrail', ...rivals].join(), '--tests', test, '--scale', `${scale}`];
      if (scenarios) args.push('--scenarios', scenarios);
      const script = test === 'main' ? MAIN_THREAD : 'run.mjs';
      await run(script, ...args, '--out', file, '--report', `${test}.md`);
      return JSON.parse(readFileSync(join(folder, file), 'utf8')).contestants;
    },

    /** Ends what runs and removes the copy. */
    close,
  };
};
