/**
 * Loaded before a server (`node --import`): its clock is ahead of the machine's by the milliseconds in the file
 * CLOCK_AHEAD, read at each look, so that a test lets hours pass in the middle of a run. Timers keep their pace.
 */
import { readFileSync } from 'node:fs';

const { now } = Date;
Date.now = () => now() + Number(readFileSync(process.env.CLOCK_AHEAD, 'utf8'));
