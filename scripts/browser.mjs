/** A Chrome or Chromium to run the browser tests in. */
import { accessSync, constants, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { run } from './install.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const isExecutable = file => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const onThisMachine = () =>
  [
    process.env.CHROMIUM,
    ...(process.env.PATH ?? '').split(delimiter).flatMap(folder => NAMES.map(name => join(folder, name))),
    ...PLACES,
  ].find(file => file && isExecutable(file));

const isRoot = () => process.getuid?.() === 0;

const fromDistribution = () => {
  if (!isRoot() || !existsSync('/usr/bin/apt-get')) return undefined;
  console.log('Installing Chromium from the distribution (once)...');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const quiet = { env, stdio: ['ignore', 'ignore', 'inherit'] };
  run('apt-get', ['update', '-qq'], quiet);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-liberation'], quiet);
  return onThisMachine();
};

const fromPlaywright = () => {
  console.log('Downloading the Chromium of Playwright (once)...');
  if (!run('npx', ['playwright', 'install', 'chromium'])) return undefined;
  const file = createRequire(import.meta.url)('@playwright/test').chromium.executablePath();
  return isExecutable(file) ? file : undefined;
};

/** The path of a Chrome or Chromium: one that is here, the distribution's, or Playwright's own. Throws a sentence. */
export const findChromium = () => {
  const found = onThisMachine() ?? fromDistribution() ?? fromPlaywright();
  if (!found) {
    throw Error(
      'The browser tests need Chrome or Chromium. Install one, or say where it is: CHROMIUM=/path/to/chrome npm test',
    );
  }
  return found;
};
