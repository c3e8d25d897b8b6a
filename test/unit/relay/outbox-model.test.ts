import { readFileSync, rmSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Lane, Outbox } from '../../../src/relay/core/outbox';
import { openSqliteOutbox } from '../../../src/relay/hosts/sqlite-outbox';
import { beside, day, hour, type Row } from './support/outbox-model';
import { temporaryFolder } from './support/relay-process';

const minute = 60_000;
const few = fc.nat({ max: 1 });
const which = fc.nat({ max: 999 });
const lane = fc.constantFrom<Lane>('event', 'event', 'subscription', 'history');
const wait = fc.constantFrom(0, minute, hour);
const kind = fc.constantFrom('forwarded', 'dead', 'later', 'later', 'aside', 'aside', 'paused');
const step = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.constant('add'), few, few, lane, fc.nat({ max: 4_000 })) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('addAgain'), which) },
  { weight: 4, arbitrary: fc.tuple(fc.constant('claim'), lane, fc.integer({ min: 1, max: 4 })) },
  { weight: 4, arbitrary: fc.tuple(fc.constant('settle'), which, kind, wait, fc.boolean()) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('wait'), fc.constantFrom(minute, hour, 40 * day)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('restart')) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('forget'), few) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('forgetVisitor'), few) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('prune'), fc.constantFrom(2, 1_000)) },
);

const play = (
  open: () => Outbox,
  reopen: (outbox: Outbox) => Promise<Outbox>,
  after: (rows: Row[]) => void,
) =>
  fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }), async script => {
    const both = beside(open, reopen);
    try {
      for (const [name, ...values] of script) {
        await (both.steps[name as keyof typeof both.steps] as (...values: unknown[]) => unknown)(...values);
        await both.agree();
      }
      await both.drain();
      await both.agree();
    } finally {
      await both.close();
    }
    after(both.rows());
  });

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
  folder.remove();
});
const runs = Number(process.env.RUNS ?? 300);

it('does what its contract says, whatever happens', async () => {
  const inMemory = play(
    () => openSqliteOutbox(':memory:'),
    async outbox => outbox,
    () => {},
  );
  await fc.assert(inMemory, { numRuns: runs });
}, 600_000);

it('does so in a file that is opened again, and keeps only the bodies it may', async () => {
  const open = () => openSqliteOutbox(folder.outbox);
  const reopen = async (outbox: Outbox) => {
    await outbox.close();
    return open();
  };
  const inFile = play(open, reopen, rows => {
    const bytes = readFileSync(folder.outbox);
    rmSync(folder.outbox);
    for (const { id, body } of rows) expect(bytes.includes(`<${id}>`)).toBe(body.includes(`<${id}>`));
  });
  await fc.assert(inFile, { numRuns: Math.ceil(runs / 20) });
}, 600_000);
