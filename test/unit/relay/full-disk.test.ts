import { statSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { createHousekeeping } from '../../../src/relay/core/housekeeping';
import type { Log } from '../../../src/relay/core/log';
import { OutboxFullError } from '../../../src/relay/core/outbox';
import { createRelay } from '../../../src/relay/core/relay';
import { isDiskFull } from '../../../src/relay/hosts/disk-room';
import { openSqliteOutbox } from '../../../src/relay/hosts/sqlite-outbox';
import { envelopeOf, eventOf } from './support/events';
import { temporaryFolder } from './support/relay-process';

const MB = 1024 * 1024;
const disk = { free: 1_000, size: 10_000 };
vi.mock('node:fs', async original => ({
  ...(await original<typeof import('node:fs')>()),
  statfsSync: () => {
    if (Number.isNaN(disk.free)) throw new Error('ENOSYS');
    return { bavail: disk.free, blocks: disk.size, bsize: MB };
  },
}));

it.each([
  ['has room above 64 MB', 65, 10_000, 0, false],
  ['is full below that', 63, 10_000, 0, true],
  ['is not while the file itself has that much', 20, 10_000, 64, false],
  ['is not while both together have that much', 20, 10_000, 44, false],
  ['is full when both together have less', 20, 10_000, 43, true],
  ['is full at a tenth when it is small', 39, 400, 0, true],
  ['has room above a tenth when it is small', 41, 400, 0, false],
  ['is full below 16 MB however small it is', 15, 20, 0, true],
  ['is full below 8 MB, though the file itself has room', 7, 10_000, 100, true],
  ['is not taken for full when it cannot tell', Number.NaN, 100, 0, false],
])('a disk %s', (_, free, size, reusable, full) => {
  Object.assign(disk, { free, size });
  expect(isDiskFull('/any/outbox.db', () => reusable * MB)).toBe(full);
});

it('an outbox on a full disk takes nothing more, and lets go of what it has', async () => {
  Object.assign(disk, { free: 1_000, size: 10_000 });
  const folder = temporaryFolder();
  const outbox = openSqliteOutbox(folder.outbox);
  const row = { id: 'stored-before', at: 1, type: 'x', visitor: 'v', body: JSON.stringify(eventOf('a')) };
  await outbox.add([row], 1);
  disk.free = 10;
  expect(outbox.isFull!()).toBe(true);
  await expect(outbox.add([{ ...row, id: 'refused' }], 1)).rejects.toBeInstanceOf(OutboxFullError);
  const [claimed] = await outbox.claim(1, 9);
  await outbox.settle(claimed!, { kind: 'forwarded' }, 1);
  expect(await outbox.list('forwarded', 9)).toEqual([row.id]);
  disk.free = 1_000;
  expect(await outbox.add([{ ...row, id: 'refused' }], 1)).toEqual(['refused']);
  await outbox.close();
  folder.remove();
});

it('an outbox on a disk just above its reserve leaves enough of it for verdicts, however much comes at once', async () => {
  Object.assign(disk, { free: 1_000, size: 100 });
  const folder = temporaryFolder();
  const outbox = openSqliteOutbox(folder.outbox);
  // Seventeen, of which sixteen are reserved, less what the file and its log have taken.
  Object.defineProperty(disk, 'free', {
    configurable: true,
    get: () =>
      17 - [folder.outbox, `${folder.outbox}-wal`].reduce((sum, file) => sum + statSync(file).size, 0) / MB,
  });
  const body = JSON.stringify('x'.repeat(19_000));
  const batch = (at: number) =>
    Array.from({ length: 26 }, (_, n) => ({
      id: `event-${at}-${n}`,
      at: 1,
      type: 'x',
      visitor: `v-${at}-${n}`,
      body,
    }));
  const results = await Promise.allSettled(Array.from({ length: 60 }, (_, at) => outbox.add(batch(at), 1)));
  const refused = results.flatMap(result => (result.status === 'rejected' ? [result.reason] : []));
  const least = disk.free;
  Object.defineProperty(disk, 'free', { value: 1_000, writable: true });
  expect(refused.filter(reason => !(reason instanceof OutboxFullError))).toEqual([]);
  expect(refused.length).toBeGreaterThan(50);
  expect(least).toBeGreaterThan(12);
  await outbox.close();
  folder.remove();
});

it('a relay on a full disk erases its oldest dead letters, as long as that makes room', async () => {
  Object.assign(disk, { free: 1_000, size: 10_000 });
  const folder = temporaryFolder();
  const outbox = openSqliteOutbox(folder.outbox);
  const lines: [object, string][] = [];
  const line = (facts: object, sentence: string) => void lines.push([facts, sentence]);
  const log: Log = { debug: line, info: line, warn: line, error: line };
  const { watch } = createHousekeeping({ outbox, log, now: Date.now, retentionDays: 30, alarmSeconds: 1e9 });
  const ids = Array.from({ length: 8 }, (_, at) => `dead-letter-${at}`);
  const body = JSON.stringify('x'.repeat(2 * MB));
  await outbox.add(
    ids.map(id => ({ id, at: 1, type: 'x', visitor: id, body })),
    1,
  );
  for (const row of await outbox.claim(1, 9)) await outbox.settle(row, { kind: 'dead', reason: 'no' }, 1);
  const letters = async () => (await outbox.deadLetters(9)).map(({ id }) => id);
  await watch();
  expect(await letters()).toEqual(ids);
  // Something else has filled the disk: they would go for nothing.
  disk.free = 7;
  await watch();
  expect(await letters()).toEqual(ids);
  disk.free = 58;
  await watch();
  expect(await letters()).toEqual(ids.slice(3));
  expect(lines.map(([, sentence]) => sentence)).toEqual([
    expect.stringMatching(/^OUTBOX: its disk is nearly full/),
    expect.stringMatching(/oldest dead letters were erased/),
    expect.stringMatching(/room again/),
  ]);
  expect(lines[1]![0]).toEqual({ erased: 3 });
  await outbox.close();
  folder.remove();
});

it('a relay on a full disk says so in its health and once in its log, and pages keep their events', async () => {
  Object.assign(disk, { free: 10, size: 10_000 });
  const folder = temporaryFolder();
  const outbox = openSqliteOutbox(folder.outbox);
  const lines: string[] = [];
  const line = (_: object, sentence: string) => void lines.push(sentence);
  const log: Log = { debug: line, info: line, warn: line, error: line };
  const relay = createRelay({ outbox, platform: { post: async () => ({ kind: 'later' }) }, log });
  const post = () =>
    relay.fetch(
      new Request('http://shop.example/x/v2/event', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ events: [envelopeOf()] }),
      }),
    );
  const health = async () => {
    const response = await relay.fetch(new Request('http://shop.example/healthz'));
    return { status: response.status, ...((await response.json()) as object) };
  };
  const { watch } = createHousekeeping({ outbox, log, now: Date.now, retentionDays: 30, alarmSeconds: 600 });
  const refused = await post();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
  await post();
  await watch();
  await watch();
  expect(lines).toEqual([expect.stringMatching(/^OUTBOX: its disk is nearly full/)]);
  expect(await health()).toMatchObject({ status: 503, ok: false, error: lines[0], waiting: 0 });
  disk.free = 1_000;
  expect((await post()).status).toBe(200);
  await watch();
  expect(lines[1]).toMatch(/room again/);
  expect(await health()).toMatchObject({ status: 200, ok: true });
  await outbox.close();
  folder.remove();
});
