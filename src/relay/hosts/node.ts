#!/usr/bin/env node
import { writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { StartError, serveRelay } from './serve';
import { readSettings } from './settings';

/**
 * Writes to stdout. What cannot be written (its disk is full, its reader has gone) is let go of: pino's own writer waits
 * for room without end, and the whole relay with it.
 */
const write = (text: string) => {
  try {
    writeSync(1, text);
  } catch {}
};

const fail = (problems: string[]): never => {
  process.stderr.write(`The relay did not start.\n${problems.map(problem => `  ${problem}\n`).join('')}`);
  process.exit(1);
};

const main = async () => {
  const read = readSettings(process.env);
  if ('problems' in read) return fail(read.problems);
  const { settings } = read;
  const log = pino({ level: settings.LOG_LEVEL, base: undefined }, { write });
  // The build puts the tag beside this file.
  const served = await serveRelay(settings, dirname(fileURLToPath(import.meta.url)), log);
  write(`relay listening on ${served.url}\n`);

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
