import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';

const MB = 1024 * 1024;

/** What stays free for verdicts: taking an event out of the outbox writes, too. Of a small disk a tenth, and no less than 16 MB. */
const mostReserved = 64 * MB;
const leastReserved = 16 * MB;

/** What must be free beside the file, however much there is in it: SQLite writes its log there. */
const leastFree = 8 * MB;

/**
 * Whether the disk under a file has so little room left that nothing more may be stored in it.
 *
 * @param reusable how many bytes within the file are free: it does not shrink when events leave
 */
export const isDiskFull = (path: string, reusable: () => number): boolean => {
  try {
    const { bavail, blocks, bsize } = statfsSync(dirname(path));
    const free = bavail * bsize;
    const reserved = Math.min(mostReserved, Math.max(leastReserved, (blocks * bsize) / 10));
    return free < leastFree || (free < reserved && free + reusable() < reserved);
  } catch {
    // Where nobody can tell, the next write will.
    return false;
  }
};
