import type Database from 'libsql';

interface Job {
  work: () => unknown;
  resolve: (value: never) => void;
  reject: (error: unknown) => void;
}

/**
 * Runs what is asked for in one turn of the event loop in one transaction, and answers each only after the commit:
 * durable writes cost one flush to disk for all of them, where each alone would cost one.
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
    const group = jobs;
    jobs = [];
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

  return <T>(work: () => T): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      jobs.push({ work, resolve, reject });
      // After this turn's input was read: whatever arrived with it is in the group.
      if (jobs.length === 1) setImmediate(flush);
    });
};
