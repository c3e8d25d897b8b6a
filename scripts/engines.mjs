/** The other engines of the delivery tests: stock Firefox and WebKitGTK, where they can be had. */
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './install.mjs';

const isExecutable = file => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const inPath = name =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .map(folder => join(folder, name))
    .find(isExecutable);

let updated = false;

/** Installs packages of the distribution when that is possible here; answers whether it was. */
const installFromDistribution = (what, packages) => {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  console.log(`Installing ${what} from the distribution (once)...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const quiet = { env, stdio: ['ignore', 'ignore', 'ignore'] };
  if (!updated) run('apt-get', ['update', '-qq'], quiet);
  updated = true;
  return run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], quiet);
};

const missing = (engine, what, packages) => {
  console.log(
    `${engine}: not on this machine. Install ${what}, on Debian: apt-get install ${packages.join(' ')}`,
  );
  return undefined;
};

const FIREFOX = ['firefox-esr'];

/** The path of a stock Firefox, `FIREFOX=/path` first; undefined, with the reason printed, when there is none. */
export const findFirefox = () => {
  const here = () =>
    [process.env.FIREFOX, inPath('firefox-esr'), inPath('firefox')].find(file => file && isExecutable(file));
  const found = here() ?? (installFromDistribution('Firefox', FIREFOX) ? here() : undefined);
  return found ?? missing('firefox', 'Firefox', FIREFOX);
};

const WEBKIT = ['webkit2gtk-driver', 'gjs', 'gir1.2-webkit2-4.1', 'xvfb'];

/**
 * The programs that WebKitGTK needs: its driver, gjs for a browser that keeps its profile, an X server without a
 * screen. Undefined, with the reason printed, when one of them cannot be had.
 */
export const findWebKit = () => {
  const here = () => {
    const [driver, gjs, xvfb] = [inPath('WebKitWebDriver'), inPath('gjs'), inPath('Xvfb')];
    return driver && gjs && xvfb ? { driver, gjs, xvfb } : undefined;
  };
  const found = here() ?? (installFromDistribution('WebKitGTK', WEBKIT) ? here() : undefined);
  return found ?? missing('webkit', 'WebKitGTK and its driver', WEBKIT);
};
