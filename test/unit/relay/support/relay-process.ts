import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Envelope } from '../../../../src/protocol/types';

export const operatorToken = 'operator-token-of-tests';

/** Bundles the Node host as the build does; each test file into its own place, as files run side by side. */
export const buildRelay = async (name: string): Promise<string> => {
  const outfile = join(process.cwd(), 'dist', 'test', name, 'relay-node.mjs');
  await build({
    entryPoints: ['src/relay/hosts/node.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  return outfile;
};

/** A folder for one test's outbox. */
export const temporaryFolder = () => {
  const path = mkdtempSync(join(tmpdir(), 'shoptrail-relay-'));
  return {
    path,
    outbox: join(path, 'outbox.db'),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
};

/** Everything the relay needs, over what the test sets itself. */
export const environment = (settings: Record<string, string>): Record<string, string> => ({
  PATH: process.env.PATH!,
  PLATFORM_API_KEY: 'key-of-tests',
  PORT: '0',
  OPERATOR_TOKEN: operatorToken,
  ...settings,
});

export interface RelayProcess {
  child: ChildProcess;
  url: string;
  /** Everything it wrote to stdout so far. */
  output: () => string;
  /** The ids by state. */
  ledger(): Promise<Record<'forwarded' | 'inDoubt' | 'dead' | 'waiting', string[]>>;
  /** Sends events as the tag does; true when the relay said that it has them. */
  send(...events: Envelope[]): Promise<boolean>;
  kill(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts a relay process and waits until it listens; fails with its words when it does not. */
export const startRelayProcess = async (
  bundle: string,
  settings: Record<string, string>,
): Promise<RelayProcess> => {
  const child = spawn(process.execPath, [bundle], {
    env: environment(settings),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stderr!.on('data', chunk => {
    errors += chunk;
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout!.on('data', chunk => {
      output += chunk;
      const listening = /relay listening on (\S+)\n/.exec(output);
      if (listening) resolve(listening[1]!);
    });
    child.once('exit', code => reject(new Error(`exit ${code}: ${errors}`)));
  });
  return {
    child,
    url,
    output: () => output,
    async ledger() {
      const answer = await fetch(new URL('/operator/ledger', url), {
        headers: { authorization: `Bearer ${operatorToken}` },
      });
      return answer.json();
    },
    async send(...events) {
      try {
        const answer = await fetch(`${url}/v2/event`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ events, sentAt: Date.now() }),
        });
        const { accepted } = await answer.json();
        return events.every(({ id }) => accepted.includes(id));
      } catch {
        return false;
      }
    },
    async kill(signal = 'SIGKILL') {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill(signal);
        await once(child, 'exit');
      }
      return child.exitCode;
    },
  };
};

/** Runs a relay that is expected to end by itself: its exit code and what it wrote to stderr. */
export const runToEnd = async (bundle: string, env: Record<string, string>) => {
  const child = spawn(process.execPath, [bundle], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr!.on('data', chunk => {
    errors += chunk;
  });
  const [code] = await once(child, 'close');
  return { code: code as number, errors };
};
