import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

/**
 * Makes the machine busy with something else: four spinning processes for each processor, which end by themselves after
 * half a minute. Returns what ends them before.
 */
export const crowd = (): (() => void) => {
  const spinners = Array.from({ length: 4 * availableParallelism() }, () =>
    spawn('timeout', ['30', 'yes'], { stdio: 'ignore' }),
  );
  return () => {
    for (const spinner of spinners) spinner.kill();
  };
};
