/** Installs the packages when they are missing, or older than the lock file. */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = fileURLToPath(new URL('..', import.meta.url));

const changed = file => (existsSync(root + file) ? statSync(root + file).mtimeMs : 0);

/** Runs a command in the project's folder with its output shown; answers whether it ended well. */
export const run = (command, args, options = {}) =>
  spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options }).status === 0;

/** `npm ci`, when there is a reason to. Ends the process with a sentence when it fails. */
export const installPackages = () => {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) {
    console.error(`Shoptrail needs Node 20 or later; this is ${process.version}.`);
    process.exit(1);
  }
  if (changed('node_modules/.package-lock.json') >= changed('package-lock.json')) return;
  console.log('Installing packages (once)...');
  if (!run('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'])) {
    console.error(
      'The packages could not be installed. Is the npm registry reachable? Try `npm ci` by hand.',
    );
    process.exit(1);
  }
};
