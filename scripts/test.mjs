/** `npm test`: installs what is missing, then lint, types, unit and contract tests, size, browser, model and delivery tests. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { installPackages, root } from './install.mjs';

installPackages();
const { findChromium } = await import('./browser.mjs');

const results = `${root}test-results`;
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

let CHROMIUM;
try {
  CHROMIUM = findChromium();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

const json = file => {
  try {
    return JSON.parse(readFileSync(`${results}/${file}`, 'utf8'));
  } catch {
    return undefined;
  }
};

/** Each step's command, and how many tests of it passed and failed; a step without tests counts as one. */
const steps = [
  { name: 'build', command: [process.execPath, 'esbuild.config.mjs'] },
  { name: 'lint', command: ['npx', 'biome', 'check', '.'] },
  { name: 'types', command: ['npx', 'tsc', '--noEmit'] },
  {
    name: 'unit',
    command: [
      'npx',
      'vitest',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${results}/unit.json`,
    ],
    counts: () => {
      const report = json('unit.json');
      return report && { passed: report.numPassedTests, failed: report.numFailedTests };
    },
  },
  { name: 'size', command: [process.execPath, 'bench/size.mjs', '--check'] },
  {
    name: 'browser',
    command: ['npx', 'playwright', 'test', '--reporter=list,json'],
    env: { CHROMIUM, PLAYWRIGHT_JSON_OUTPUT_NAME: `${results}/browser.json` },
    counts: () => {
      const stats = json('browser.json')?.stats;
      return (
        stats && { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped }
      );
    },
  },
  { name: 'model', command: [process.execPath, 'test/model/run.mjs', '--runs', '50'], env: { CHROMIUM } },
  {
    name: 'delivery',
    command: [process.execPath, 'test/delivery/run.mjs', '--trials', '3'],
    env: { CHROMIUM },
    counts: () => {
      const [, passed, failed, skipped] = /(\d+) passed, (\d+) failed, (\d+) skipped\s*$/.exec(last) ?? [];
      return passed && { passed: +passed, failed: +failed, skipped: +skipped };
    },
  },
];

/** What the last step has printed. */
let last = '';

/** Runs a step with its output shown as it comes, and kept. */
const runStep = ([command, ...args], env) =>
  new Promise(resolve => {
    last = '';
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['inherit', 'pipe', 'inherit'],
    });
    child.stdout.on('data', data => {
      process.stdout.write(data);
      last = (last + data).slice(-1000);
    });
    child.on('close', code => resolve(code === 0));
  });

const total = { passed: 0, failed: 0, skipped: 0 };
for (const { name, command, env, counts } of steps) {
  console.log(`\n== ${name}`);
  const started = Date.now();
  const ok = await runStep(command, env);
  const counted = counts?.() ?? { passed: +ok, failed: +!ok };
  // A runner that ended badly without a failed test (a crash, no test found) has failed all the same.
  if (!ok && !counted.failed) counted.failed = 1;
  for (const key of Object.keys(counted)) total[key] += counted[key];
  console.log(`== ${name}: ${ok ? 'ok' : 'FAILED'} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  if (!ok && name === 'build') break;
}

if (total.skipped) console.log(`\n${total.skipped} skipped, for the reasons given above`);
// Whoever reads the result by machine takes the last line.
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed ? 1 : 0;
