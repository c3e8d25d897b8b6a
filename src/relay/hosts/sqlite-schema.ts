import Database from 'libsql';

/** Rows that still have to leave. The partial indexes below are found by exactly this term. */
export const open = `state IN ('waiting', 'sending')`;

/** Open rows that the later ones of their visitor wait for. */
export const ahead = `${open} AND aside = 0`;

/**
 * Bodies stand apart from what is kept of an event for the dedupe: a row that shrinks leaves its page as large as it was
 * (seen: 4 KB for each event until the retention), one that is deleted gives it back.
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
  CREATE INDEX IF NOT EXISTS events_lane_visitor ON events (lane, visitor, seq) WHERE ${open};
  CREATE INDEX IF NOT EXISTS events_lane_due ON events (lane, due, seq) WHERE due IS NOT NULL;
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
const addAsideAndBodies = `
  ALTER TABLE events ADD COLUMN aside INTEGER NOT NULL DEFAULT 0;
  CREATE TABLE bodies (seq INTEGER PRIMARY KEY, body TEXT NOT NULL);
  INSERT INTO bodies SELECT seq, body FROM events WHERE body IS NOT NULL;
  ALTER TABLE events DROP COLUMN body;
`;

/** What leads to the present schema from each version before it, beginning with an empty file. */
const steps = [schema, addLanes + addAsideAndBodies, addAsideAndBodies];

/** The version of the schema, in SQLite's own place for it. */
const schemaVersion = steps.length;

/** Another process has the file open. */
export class OutboxBusyError extends Error {}

/** Opens the file in the present schema, for this process alone. */
export const connect = (path: string): Database.Database => {
  const db = new Database(path);
  try {
    // One process only: a second one would take the first one's `sending` rows for those of a dead process. It also
    // keeps the WAL's index in memory, so that no shared memory is needed.
    db.pragma('locking_mode = EXCLUSIVE');
    db.pragma('journal_mode = WAL');
    // Each commit is flushed to the disk: it survives a loss of power as well as a SIGKILL, as far as the disk keeps
    // its word. NORMAL would survive the SIGKILL only.
    db.pragma('synchronous = FULL');
    // What is erased is overwritten, not only unlinked.
    db.pragma('secure_delete = ON');
    const [{ user_version: found = 0 } = {}] = db.pragma('user_version') as { user_version?: number }[];
    if (found > schemaVersion) throw new Error('it was written by a newer version of the relay');
    db.exec(
      // In one transaction, so that a kill leaves either.
      `BEGIN IMMEDIATE; ${steps[found] ?? ''} ${indexes} PRAGMA user_version = ${schemaVersion}; COMMIT`,
    );
    return db;
  } catch (error) {
    db.close();
    if ((error as { code?: string }).code === 'SQLITE_BUSY') throw new OutboxBusyError(`${error}`);
    throw error;
  }
};
