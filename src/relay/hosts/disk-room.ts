import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';

/** What stays free for verdicts: taking an event out of the outbox writes, too. Of a small disk a tenth. */
const mostReserved = 64 * 1024 * 1024;

/**
 * Whether the disk under a file has so little room left that nothing more may be stored in it.
 *
 * @param reusable how many bytes within the file are free: it does not shrink when events leave
 */
export const isDiskFull = (path: string, reusable: () => number): boolean => {
  try {
    const { bavail, blocks, bsize } = statfsSync(dirname(path));
    const reserved = Math.min(mostReserved, (blocks * bsize) / 10);
    return bavail * bsize < reserved && reusable() < reserved;
  } catch {
    // Where nobody can tell, the next write will.
    return false;
  }
};
