import type Database from 'libsql';

/**
 * How much one transaction takes of what waits, in characters. All of it stands in SQLite's log, short events with three
 * times their size, before anybody can see how much of the disk it has left.
 */
const mostAtOnce = 1_000_000;

interface Job {
  work: () => unknown;
  /** How much it writes, in characters. */
  size: number;
  resolve: (value: never) => void;
  reject: (error: unknown) => void;
}

/**
 * Runs what is asked for in one turn of the event loop in one transaction, or in several when it is much, and answers
 * each only after the commit: durable writes cost one flush to disk for all of them, where each alone would cost one.
 *
 * When the transaction fails, each job runs once more in its own, so that one that cannot succeed fails alone.
 */
export const createGroupCommit = (db: Database.Database) => {
  let jobs: Job[] = [];

  const inTransaction = <T>(work: () => T): T => {
    db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      db.exec('COMMIT');
      return result;
    } catch (error) {
      // Some errors (a full disk) have rolled back by themselves.
      if (db.inTransaction) db.exec('ROLLBACK');
      throw error;
    }
  };

  const alone = ({ work, resolve, reject }: Job) => {
    try {
      resolve(inTransaction(work) as never);
    } catch (error) {
      reject(error);
    }
  };

  const flush = () => {
    let count = 0;
    for (let size = 0; count < jobs.length; count++) {
      size += jobs[count]!.size;
      if (count && size > mostAtOnce) break;
    }
    const group = jobs.slice(0, count);
    jobs = jobs.slice(count);
    if (jobs.length) setImmediate(flush);
    if (group.length === 1) return alone(group[0]!);
    try {
      const results = inTransaction(() => group.map(job => job.work()));
      group.forEach((job, at) => {
        job.resolve(results[at] as never);
      });
    } catch {
      group.forEach(alone);
    }
  };

  return <T>(work: () => T, size = 0): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      jobs.push({ work, size, resolve, reject });
      // After this turn's input was read: whatever arrived with it is in the group.
      if (jobs.length === 1) setImmediate(flush);
    });
};
