#!/usr/bin/env node
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { StartError, serveRelay } from './serve';
import { readSettings } from './settings';

const fail = (problems: string[]): never => {
  process.stderr.write(`The relay did not start.\n${problems.map(problem => `  ${problem}\n`).join('')}`);
  process.exit(1);
};

const main = async () => {
  const read = readSettings(process.env);
  if ('problems' in read) return fail(read.problems);
  const { settings } = read;
  const log = pino({ level: settings.LOG_LEVEL, base: undefined });
  // The build puts the tag beside this file.
  const served = await serveRelay(settings, dirname(fileURLToPath(import.meta.url)), log);
  process.stdout.write(`relay listening on ${served.url}\n`);

  let stopping = false;
  const stop = async (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, 'Stopping.');
    try {
      await served.stop();
      process.exit(0);
    } catch (error) {
      log.error(
        { err: String(error) },
        'The outbox could not be closed. Nothing is lost: the next start recovers it.',
      );
      process.exit(1);
    }
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
};

main().catch(error => fail([error instanceof StartError ? error.message : String(error?.stack ?? error)]));
