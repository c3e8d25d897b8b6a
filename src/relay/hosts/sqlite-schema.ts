import Database from 'libsql';
import { createPadding } from './padded-body';

/** Rows that still have to leave. The partial indexes below are found by exactly this term. */
export const open = `state IN ('waiting', 'sending')`;

/** Open rows that the later ones of their visitor wait for. */
export const ahead = `${open} AND aside = 0`;

/**
 * Bodies stand apart from what is kept of an event for the dedupe: a row that shrinks leaves its page as large as it was
 * (seen: 4 KB for each event until the retention), one that is deleted gives it back. See `padded-body.ts`.
 *
 * `due` is set for the first open row of a visitor and lane only: the others wait until it has its verdict. So order
 * per visitor costs nothing when rows are claimed, however long the queue is. Rows of history and those that stand aside
 * wait for nobody: each has its own.
 */
const schema = `
  CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    type TEXT NOT NULL,
    visitor TEXT,
    at INTEGER NOT NULL,
    received INTEGER NOT NULL,
    due INTEGER,
    tries INTEGER NOT NULL DEFAULT 0,
    in_doubt INTEGER NOT NULL DEFAULT 0,
    settled INTEGER,
    reason TEXT,
    lane TEXT NOT NULL DEFAULT 'event',
    aside INTEGER NOT NULL DEFAULT 0
  );
  CREATE TABLE bodies (seq INTEGER PRIMARY KEY, body TEXT NOT NULL);
`;

const indexes = `
  CREATE INDEX IF NOT EXISTS events_lane_open ON events (lane, seq) WHERE ${open};
  CREATE INDEX IF NOT EXISTS events_lane_visitor_aside ON events (lane, visitor, aside, seq) WHERE ${open};
  CREATE INDEX IF NOT EXISTS events_lane_aside_due ON events (lane, aside, due, seq) WHERE due IS NOT NULL;
  CREATE INDEX IF NOT EXISTS events_aside ON events (seq) WHERE aside = 1 AND ${open};
  CREATE INDEX IF NOT EXISTS events_sending ON events (seq) WHERE state = 'sending';
  CREATE INDEX IF NOT EXISTS events_dead ON events (seq) WHERE state = 'dead';
  CREATE INDEX IF NOT EXISTS events_dead_visitor ON events (visitor) WHERE state = 'dead';
  CREATE INDEX IF NOT EXISTS events_in_doubt ON events (seq) WHERE in_doubt = 1;
  CREATE INDEX IF NOT EXISTS events_settled ON events (settled) WHERE settled IS NOT NULL;
`;

/** What makes version 2 of version 1, which had no lanes. */
const addLanes = `
  ALTER TABLE events ADD COLUMN lane TEXT NOT NULL DEFAULT 'event';
  DROP INDEX IF EXISTS events_open;
  DROP INDEX IF EXISTS events_visitor;
  DROP INDEX IF EXISTS events_due;
`;

/** What makes version 3 of version 2, where no row could stand aside, and each had its body. */
const addAsideAndBodies = (db: Database.Database) => {
  db.exec(`
    ALTER TABLE events ADD COLUMN aside INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE bodies (seq INTEGER PRIMARY KEY, body TEXT NOT NULL);
    DROP INDEX IF EXISTS events_lane_visitor;
    DROP INDEX IF EXISTS events_lane_due;
  `);
  const { pad } = createPadding(numberOf(db, 'page_size'));
  const next = db.prepare(
    'SELECT seq, body FROM events WHERE seq > ? AND body IS NOT NULL ORDER BY seq LIMIT 100',
  );
  const insert = db.prepare('INSERT INTO bodies (seq, body) VALUES (?, ?)');
  for (let after = 0, last: number | undefined = 0; last !== undefined; after = last ?? after) {
    const rows = next.all(after) as { seq: number; body: string }[];
    for (const { seq, body } of rows) insert.run(seq, pad(body));
    last = rows.at(-1)?.seq;
  }
  db.exec('ALTER TABLE events DROP COLUMN body');
};

/** What leads from each version to the next, beginning with an empty file, which needs no more than the first. */
const begin = (db: Database.Database) => db.exec(schema);
const steps = [
  [begin],
  [(db: Database.Database) => db.exec(addLanes), addAsideAndBodies],
  [addAsideAndBodies],
];

/** The version of the schema, in SQLite's own place for it. */
const schemaVersion = steps.length;

/** The value of a pragma that is a number. */
export const numberOf = (db: Database.Database, name: string): number =>
  (db.pragma(name) as Record<string, number>[])[0]?.[name] ?? 0;

/** Erased bytes are gone from the file, but older pages still stand in the WAL until it is emptied. */
export const emptyWal = (db: Database.Database): void => {
  db.pragma('wal_checkpoint(TRUNCATE)');
};

/** How long the WAL gets before it is emptied, in bytes: less than what `disk-room.ts` keeps free, whatever a page's size. */
const longestWal = 4_000_000;

/** Another process has the file open. */
export class OutboxBusyError extends Error {}

/** Opens the file in the present schema, for this process alone. */
export const connect = (path: string): Database.Database => {
  const db = new Database(path);
  try {
    // One process only: a second one would take the first one's `sending` rows for those of a dead process. It also
    // keeps the WAL's index in memory, so that no shared memory is needed.
    db.pragma('locking_mode = EXCLUSIVE');
    // Of a new file: small, because each body has pages of its own.
    db.pragma('page_size = 1024');
    db.pragma('journal_mode = WAL');
    db.pragma(`wal_autocheckpoint = ${Math.floor(longestWal / numberOf(db, 'page_size'))}`);
    // Each commit is flushed to the disk: it survives a loss of power as well as a SIGKILL, as far as the disk keeps
    // its word. NORMAL would survive the SIGKILL only.
    db.pragma('synchronous = FULL');
    // What is erased is overwritten, not only unlinked.
    db.pragma('secure_delete = ON');
    const found = numberOf(db, 'user_version');
    if (found > schemaVersion) throw new Error('it was written by a newer version of the relay');
    // In one transaction, so that a kill leaves either.
    db.exec('BEGIN IMMEDIATE');
    for (const step of steps[found] ?? []) step(db);
    // Nothing is written where nothing is new: on a full disk it must start all the same.
    if (found < schemaVersion) db.exec(`${indexes} PRAGMA user_version = ${schemaVersion}`);
    db.exec('COMMIT');
    if (found && found < schemaVersion) emptyWal(db);
    return db;
  } catch (error) {
    db.close();
    if ((error as { code?: string }).code === 'SQLITE_BUSY') throw new OutboxBusyError(`${error}`);
    throw error;
  }
};
