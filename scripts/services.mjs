/** Starts the three servers as processes of their own: for `npm start` and for the tests. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { root } from './install.mjs';

/**
 * @typedef {object} Service
 * @property {string} url where it listens
 * @property {string[]} output every line it has printed
 * @property {(signal?: NodeJS.Signals) => Promise<void>} stop ends it, and waits until it has ended
 */

/**
 * Starts a built server and waits until it says where it listens.
 * @param {'sandbox' | 'relay' | 'storefront'} name
 * @param {Record<string, string>} env its settings
 * @param {(line: string) => void} [onLine] told every line but the one with the address
 * @returns {Promise<Service>}
 */
export const startService = async (name, env, onLine) => {
  const file = { sandbox: 'sandbox.mjs', relay: 'relay-node.mjs', storefront: 'demo-site.mjs' }[name];
  const child = spawn(process.execPath, [`${root}dist/${file}`], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C reaches `npm start`, which ends its services in order.
    detached: true,
  });
  const ended = once(child, 'exit');
  const kill = () => child.exitCode === null && child.kill('SIGKILL');
  process.once('exit', kill);
  const output = [];
  const url = await new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', line => {
        output.push(line);
        const address = /^\w+ listening on (\S+)$/.exec(line)?.[1];
        if (address) resolve(address);
        else onLine?.(line);
      });
    }
    ended.then(([code]) => reject(new Error(`${name} ended with ${code}:\n${output.join('\n')}`)));
  });
  return {
    url,
    output,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await ended;
      process.off('exit', kill);
    },
  };
};
