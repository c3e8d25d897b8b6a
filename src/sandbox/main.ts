/** Runs the sandbox as a process: settings from the environment, one line when it is ready, a quiet end. */
import { createSandbox } from './app';
import { listen } from './listen';
import { readSettings } from './settings';
import { openStore } from './store';

const read = readSettings(process.env);
if ('errors' in read) fail(...read.errors);
const { port, host, database, ...options } = read.settings;

const store = open(database);
const listening = await listen(createSandbox({ store, ...options }), port, host).catch(error =>
  fail(`The sandbox cannot listen on ${host}, port ${port} (${error.code}): set HOST and PORT.`),
);
if (listening.moved) console.log(`port ${port} is taken, the sandbox uses ${listening.port}`);
console.log(`sandbox listening on ${listening.url}`);

let isEnding = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, async () => {
    if (isEnding) return;
    isEnding = true;
    await listening.close();
    store.close();
    process.exit(0);
  });
}

function open(path: string) {
  try {
    return openStore(path);
  } catch (error) {
    return fail(
      `The sandbox cannot open its database (${(error as Error).message}): set SANDBOX_DB to a file.`,
    );
  }
}

function fail(...sentences: string[]): never {
  for (const sentence of sentences) console.error(sentence);
  process.exit(1);
}
