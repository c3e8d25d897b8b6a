import type { V2Event } from '../../protocol/types';
import { holdsLocator, surePart } from '../core/locator-match';
import {
  type ClaimedRow,
  type DeadLetter,
  type Lane,
  type Outbox,
  OutboxFullError,
  type RowState,
} from '../core/outbox';
import { isDiskFull } from './disk-room';
import { createGroupCommit } from './group-commit';
import { createPadding } from './padded-body';
import { ahead, connect, emptyWal, numberOf, open } from './sqlite-schema';

/** What was tried no more often than this, because an earlier event of its visitor stood before it, is kept a day longer. */
const hardlyTried = 5;
const aDay = 24 * 60 * 60_000;

/** How far the clock may be set back before rows that seem due in the far future are taken as due, in ms. */
const farFuture = 2 * 60 * 60_000;

/** How many dead letters are erased at once, and of how many characters: each takes its own size in the log meanwhile. */
const deadAtOnce = 100;
const deadCharacters = 4_000_000;

const lanes: readonly Lane[] = ['event', 'history', 'subscription'];

/** The columns of a row that was claimed, but for its body. */
const claimed = 'id, type, visitor, at, received, tries, aside';

/** Whether an event still has its body: it was not erased. */
const hasBody = 'EXISTS (SELECT 1 FROM bodies WHERE bodies.seq = events.seq)';

type StoredRow = Omit<ClaimedRow, 'body' | 'aside'> & { seq: number; aside: number };

const toClaimed = ({ seq, aside, ...row }: StoredRow, body: string): ClaimedRow => ({
  ...row,
  body,
  aside: !!aside,
});

/**
 * Opens the outbox in an SQLite file, which is created when missing; `:memory:` for tests. Commits of one turn of the
 * event loop share one transaction.
 *
 * @throws OutboxBusyError when another process has it open; any other error when it cannot be opened or is no outbox.
 */
export const openSqliteOutbox = (path: string): Outbox => {
  const db = connect(path);
  const commit = createGroupCommit(db);
  const pageSize = numberOf(db, 'page_size');
  const { pad, unpad } = createPadding(pageSize);
  const prepare = (sql: string) => {
    const statement = db.prepare(sql);
    return {
      run: (...values: unknown[]) => statement.run(...values).changes,
      // Never `get()`: libsql leaves its cursor open, which keeps the WAL from ever being emptied (seen with 0.5.29).
      all: <Row>(...values: unknown[]) => statement.all(...values) as Row[],
    };
  };

  const insert = prepare(`
    INSERT INTO events (id, lane, state, type, visitor, at, received, due)
    SELECT ?, ?, 'waiting', ?, ?, ?, ?,
      CASE WHEN EXISTS (SELECT 1 FROM events WHERE lane = ? AND visitor = ? AND ${ahead}) THEN NULL ELSE ? END
    WHERE true ON CONFLICT (id) DO NOTHING`);
  const insertHistory = prepare(`
    INSERT INTO events (id, lane, state, type, visitor, at, received, due)
    VALUES (?, 'history', 'waiting', ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`);
  const insertBody = prepare('INSERT INTO bodies (seq, body) VALUES (last_insert_rowid(), ?)');
  const insertSkipped = prepare(`
    INSERT INTO events (id, state, type, at, received, settled) VALUES (?, 'skipped', ?, ?, ?, ?)
    ON CONFLICT (id) DO NOTHING`);
  const known = prepare('SELECT id, state FROM events WHERE id IN (SELECT value FROM json_each(?))');
  const claimWhere = (isDue: string) =>
    prepare(`
    UPDATE events SET state = 'sending', tries = tries + 1, due = NULL
    WHERE seq IN (
      SELECT seq FROM events WHERE lane = ? AND aside = ? AND due IS NOT NULL AND ${isDue} ORDER BY due, seq LIMIT ?)
    RETURNING seq, ${claimed}`);
  const claimDue = claimWhere('due <= ?');
  const claimFarFuture = claimWhere('due > ?');
  const historyDue = (isDue: string) =>
    prepare(`
    SELECT visitor, tries, due FROM events WHERE lane = 'history' AND aside = 0 AND due IS NOT NULL AND ${isDue}
    ORDER BY due, seq LIMIT ?`);
  const historyDueNow = historyDue('due <= ?');
  const historyFarFuture = historyDue('due > ?');
  // The + keeps SQLite from looking through what is due of all visitors: https://sqlite.org/optoverview.html (unary +)
  const historyOf = prepare(`
    SELECT seq, ${claimed}, body FROM events JOIN bodies USING (seq)
    WHERE lane = 'history' AND visitor = ? AND ${open} AND +due <= ? AND (tries > 0) = ?
    ORDER BY at, seq LIMIT ?`);
  const claimSeqs = prepare(`
    UPDATE events SET state = 'sending', tries = tries + 1, due = NULL
    WHERE seq IN (SELECT value FROM json_each(?))`);
  const claimIds = prepare(`
    UPDATE events SET state = 'sending', tries = tries + 1, due = NULL
    WHERE id IN (SELECT value FROM json_each(?)) AND state = 'waiting' AND lane = 'history'
    RETURNING seq, ${claimed}`);
  const forwarded = prepare(`
    UPDATE events SET state = 'forwarded', visitor = NULL, settled = ? WHERE id = ? AND state = 'sending' RETURNING seq`);
  const dead = prepare(`
    UPDATE events SET state = iif(${hasBody}, 'dead', 'forgotten'), reason = iif(${hasBody}, ?, NULL),
      visitor = iif(${hasBody}, visitor, NULL), settled = ?
    WHERE id = ? AND state = 'sending'`);
  const later = prepare(`
    UPDATE events SET state = 'waiting', due = ?, tries = tries - ?, in_doubt = max(in_doubt, ?), aside = max(aside, ?)
    WHERE id = ? AND state = 'sending' AND ${hasBody}`);
  const forgetSent = prepare(`
    UPDATE events SET state = 'forgotten', visitor = NULL, settled = ?, in_doubt = max(in_doubt, ?)
    WHERE id = ? AND state = 'sending'`);
  const releaseNextOf = prepare(`
    UPDATE events SET due = ? WHERE state = 'waiting' AND due IS NULL
      AND seq = (SELECT min(seq) FROM events WHERE lane = ? AND visitor = ? AND ${ahead})`);
  const releaseNext = (now: number, visitor: string) => {
    for (const lane of ['event', 'subscription']) releaseNextOf.run(now, lane, visitor);
  };
  const sending = prepare(
    `SELECT id, visitor, ${hasBody} AS kept FROM events WHERE state = 'sending' ORDER BY seq`,
  );
  const recoverForgotten = prepare(`
    UPDATE events SET state = 'forgotten', visitor = NULL, in_doubt = 1, settled = ?
    WHERE state = 'sending' AND NOT ${hasBody}`);
  const recover = prepare(
    `UPDATE events SET state = 'waiting', in_doubt = 1, due = ? WHERE state = 'sending'`,
  );
  const nextDue = prepare(`SELECT min(due) AS due FROM (
    SELECT min(due) AS due FROM events WHERE lane = ?1 AND aside = 0 AND due IS NOT NULL UNION ALL
    SELECT min(due) FROM events WHERE lane = ?1 AND aside = 1 AND due IS NOT NULL)`);
  const counts = prepare(`SELECT
    (SELECT count(*) FROM events WHERE lane = 'event' AND ${open}) AS events,
    (SELECT count(*) FROM events WHERE state = 'sending') AS sending,
    (SELECT count(*) FROM events WHERE state = 'dead') AS dead,
    (SELECT count(*) FROM events WHERE in_doubt = 1) AS inDoubt,
    (SELECT count(*) FROM events WHERE lane = 'history' AND ${open}) AS history,
    (SELECT count(*) FROM events WHERE lane = 'subscription' AND ${open}) AS subscriptions,
    (SELECT count(*) FROM events WHERE aside = 1 AND ${open}) AS aside,
    (SELECT min(received) FROM (
      SELECT * FROM (SELECT received FROM events WHERE lane = 'event' AND ${ahead} ORDER BY seq LIMIT 1) UNION ALL
      SELECT * FROM (SELECT received FROM events WHERE lane = 'subscription' AND ${ahead} ORDER BY seq LIMIT 1)
    )) AS oldest`);
  const listState = prepare('SELECT id FROM events WHERE state = ? ORDER BY seq DESC LIMIT ?');
  const listInDoubt = prepare('SELECT id FROM events WHERE in_doubt = 1 ORDER BY seq DESC LIMIT ?');
  const deadLetters = prepare(
    `SELECT id, type, reason, at FROM events WHERE state = 'dead' ORDER BY seq DESC LIMIT ?`,
  );
  // Only a first choice, which must leave nothing out: lower() knows ASCII alone.
  const mayHold = `(instr(lower(body), lower(?1)) > 0 OR instr(body, '\\u') > 0)`;
  const candidates = prepare(`SELECT seq FROM bodies WHERE ${mayHold}`);
  const visitorAndBody = prepare('SELECT visitor, body FROM events JOIN bodies USING (seq) WHERE seq = ?');
  const bodyOf = prepare('SELECT body FROM bodies WHERE seq = ?');
  const removeBody = prepare('DELETE FROM bodies WHERE seq = ?');
  const withBodies = (rows: StoredRow[]) =>
    rows.map(row => toClaimed(row, unpad(bodyOf.all<{ body: string }>(row.seq)[0]!.body)));
  const openOfVisitor = prepare(`SELECT seq FROM events WHERE lane = ? AND visitor = ? AND ${open}`);
  const deadOfVisitor = prepare(`SELECT seq FROM events WHERE state = 'dead' AND lane = ? AND visitor = ?`);
  const ofVisitor = (visitor: string, lanes: readonly Lane[]) =>
    lanes.flatMap(lane =>
      [openOfVisitor, deadOfVisitor].flatMap(rows => rows.all<{ seq: number }>(lane, visitor)),
    );
  const erase = prepare(`
    UPDATE events SET reason = NULL,
      state = iif(state = 'sending', state, 'forgotten'), visitor = iif(state = 'sending', visitor, NULL),
      due = NULL, settled = iif(state = 'sending', NULL, coalesce(settled, ?))
    WHERE seq = ?`);
  const removeSettled = prepare(`
    DELETE FROM events WHERE seq IN (SELECT seq FROM events WHERE settled IS NOT NULL AND settled < ? LIMIT ?)
    RETURNING seq`);
  const oldestDead = prepare(`
    SELECT seq, length(body) AS size FROM events JOIN bodies USING (seq) WHERE state = 'dead' ORDER BY seq LIMIT ?`);
  const tooOld = prepare(`
    SELECT seq, visitor FROM events WHERE lane = ?1 AND ${open} AND state = 'waiting'
      AND received < iif(lane = 'history' OR tries > ${hardlyTried}, ?2, ?2 - ${aDay})
    ORDER BY seq LIMIT ?3`);
  const giveUp = prepare(`
    UPDATE events SET state = 'dead', due = NULL, settled = ?,
      reason = 'Not delivered within the retention: the platform never gave a verdict.'
    WHERE seq = ?`);
  const eraseOne = (seq: number, now: number): number => (removeBody.run(seq) ? erase.run(now, seq) : 0);

  const isFull = (reusable = () => numberOf(db, 'freelist_count') * pageSize) =>
    path !== ':memory:' && isDiskFull(path, reusable);

  return {
    isFull: () => isFull(),

    add: async (rows, now) => {
      const insertAll = () =>
        rows
          .filter(({ id, type, visitor, body, at, skip, lane = 'event', due = now }) => {
            if (skip) return insertSkipped.run(id, type, at, now, now);
            const isNew =
              lane === 'history'
                ? insertHistory.run(id, type, visitor, at, now, due)
                : insert.run(id, lane, type, visitor, at, now, lane, visitor, now);
            return isNew && insertBody.run(pad(body));
          })
          .map(row => row.id);
      const size = rows.reduce((sum, { body }) => sum + body.length, 0);
      // In its turn: what came with it may have filled the disk.
      const added = await commit(() => (isFull() ? undefined : insertAll()), size);
      if (!added) throw new OutboxFullError('The disk is nearly full.');
      return added;
    },

    known: ids =>
      commit(
        () =>
          new Map(
            known
              .all<{ id: string; state: RowState }>(JSON.stringify(ids))
              .map(({ id, state }) => [id, state]),
          ),
      ),

    claim: (now, limit, lane = 'event') =>
      commit(() => {
        // What stands aside comes after all others: there may be more of it than the platform can be asked for.
        const claimOf = (rows: typeof claimDue, until: number) => {
          const first = rows.all<StoredRow>(lane, 0, until, limit);
          return [...first, ...rows.all<StoredRow>(lane, 1, until, limit - first.length)];
        };
        let rows = claimOf(claimDue, now);
        if (!rows.length) rows = claimOf(claimFarFuture, now + farFuture);
        return withBodies(rows.sort((a, b) => a.seq - b.seq));
      }),

    claimHistory: (now, limit, { maxBytes, overhead }) =>
      commit(() => {
        type Due = { visitor: string; tries: number; due: number };
        let dues = historyDueNow.all<Due>(now, limit);
        if (!dues.length) dues = historyFarFuture.all(now + farFuture, 1);
        const [first] = dues;
        if (!first) return [];
        const again = first.tries > 0;
        const visitors = again
          ? [first.visitor]
          : new Set(dues.filter(({ tries }) => !tries).map(({ visitor }) => visitor));
        const until = Math.max(now, first.due);
        const rows: (StoredRow & { body: string })[] = [];
        let bytes = 0;
        fill: for (const visitor of visitors) {
          for (const row of historyOf.all<(typeof rows)[0]>(
            visitor,
            until,
            again ? 1 : 0,
            limit - rows.length,
          )) {
            bytes += Buffer.byteLength(unpad(row.body)) + overhead;
            if (rows.length && bytes > maxBytes) break fill;
            rows.push(row);
          }
          if (rows.length >= limit) break;
        }
        claimSeqs.run(JSON.stringify(rows.map(row => row.seq)));
        return rows.map(row => toClaimed({ ...row, tries: row.tries + 1 }, unpad(row.body)));
      }),

    claimThese: ids =>
      commit(() => {
        const place = new Map(ids.map((id, at) => [id, at]));
        const rows = claimIds.all<StoredRow>(JSON.stringify(ids));
        return withBodies(rows.sort((a, b) => place.get(a.id)! - place.get(b.id)!));
      }),

    settle: ({ id, visitor }, outcome, now) =>
      commit(() => {
        if (outcome.kind === 'later') {
          const { due, inDoubt, uncounted, aside } = outcome;
          if (!later.run(due, uncounted ? 1 : 0, inDoubt ? 1 : 0, aside ? 1 : 0, id))
            // It was erased while it was on its way.
            forgetSent.run(now, inDoubt ? 1 : 0, id);
          else if (!aside) return;
        } else if (outcome.kind === 'forwarded')
          for (const { seq } of forwarded.all<{ seq: number }>(now, id)) removeBody.run(seq);
        else dead.run(outcome.reason, now, id);
        releaseNext(now, visitor);
      }),

    recover: now =>
      commit(() => {
        const rows = sending.all<{ id: string; visitor: string; kept: number }>();
        recoverForgotten.run(now);
        recover.run(now);
        for (const { kept, visitor } of rows) if (!kept) releaseNext(now, visitor);
        return rows.map(row => row.id);
      }),

    nextDue: async (lane = 'event') => nextDue.all<{ due: number | null }>(lane)[0]?.due ?? undefined,

    counts: async () => {
      const [row] = counts.all<
        Record<'events' | 'sending' | 'dead' | 'inDoubt' | 'history' | 'subscriptions' | 'aside', number> & {
          oldest: number | null;
        }
      >();
      const { events, oldest, ...others } = row!;
      const waiting = events + others.history + others.subscriptions - others.sending;
      return { waiting, ...others, oldest: oldest ?? undefined };
    },

    list: async (which, limit) => {
      const rows =
        which === 'inDoubt'
          ? listInDoubt.all<{ id: string }>(limit)
          : listState.all<{ id: string }>(which, limit);
      return rows.map(row => row.id).reverse();
    },

    deadLetters: async limit =>
      deadLetters
        .all<DeadLetter>(limit)
        .map(({ id, type, reason, at }) => ({ id, type, reason, at }))
        .reverse(),

    forget: async locators => {
      const erased = await commit(() => {
        const now = Date.now();
        const found = new Set<number>();
        const visitors = new Set<string>();
        const mayBe = Object.values(locators).flatMap(value =>
          candidates.all<{ seq: number }>(surePart(value)),
        );
        // One body at a time: there may be many, and few that hold it.
        for (const seq of new Set(mayBe.map(row => row.seq))) {
          const [{ visitor, body }] = visitorAndBody.all(seq) as [{ visitor: string; body: string }];
          if (!holdsLocator(JSON.parse(body) as V2Event, locators)) continue;
          found.add(seq);
          visitors.add(visitor);
        }
        for (const visitor of visitors) {
          for (const { seq } of ofVisitor(visitor, lanes)) found.add(seq);
        }
        let erased = 0;
        for (const seq of found) erased += eraseOne(seq, now);
        for (const visitor of visitors) releaseNext(now, visitor);
        return erased;
      });
      emptyWal(db);
      return erased;
    },

    forgetVisitor: async visitor => {
      const erased = await commit(() => {
        const now = Date.now();
        let erased = 0;
        for (const { seq } of ofVisitor(visitor, ['event', 'history'])) erased += eraseOne(seq, now);
        if (erased) releaseNext(now, visitor);
        return erased;
      });
      if (erased) emptyWal(db);
      return erased;
    },

    eraseDead: async now => {
      // It would make room in the file, and that is not what is missing.
      if (isFull(() => Number.POSITIVE_INFINITY)) return 0;
      const erased = await commit(() => {
        let erased = 0;
        let characters = 0;
        for (const { seq, size } of oldestDead.all<{ seq: number; size: number }>(deadAtOnce)) {
          characters += size;
          if (erased && characters > deadCharacters) break;
          erased += eraseOne(seq, now);
        }
        return erased;
      });
      if (erased) emptyWal(db);
      return erased;
    },

    prune: async (before, now, limit) => {
      const done = await commit(() => {
        const old: { seq: number; visitor: string }[] = [];
        for (const lane of lanes) old.push(...tooOld.all<(typeof old)[0]>(lane, before, limit - old.length));
        for (const { seq, visitor } of old) {
          giveUp.run(now, seq);
          releaseNext(now, visitor);
        }
        const removed = removeSettled.all<{ seq: number }>(before, limit - old.length);
        for (const { seq } of removed) removeBody.run(seq);
        return old.length + removed.length;
      });
      if (done < limit) emptyWal(db);
      return done;
    },

    close: async () => {
      // Whatever is still in the group is committed first.
      await commit(() => {});
      // Leaves one file without a WAL, and lets go of the lock, which close() alone does not while statements live.
      db.pragma('journal_mode = DELETE');
      db.pragma('locking_mode = NORMAL');
      db.prepare('SELECT 1 FROM events LIMIT 1').all();
      db.close();
    },
  };
};
