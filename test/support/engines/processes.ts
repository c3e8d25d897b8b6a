import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

interface Process {
  pid: number;
  parent: number;
  command: string;
}

const read = (pid: string): Process | undefined => {
  try {
    // "pid (name) state ppid ...": the name may hold spaces and brackets.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z') return undefined;
    return {
      pid: Number(pid),
      parent: Number(parent),
      command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '),
    };
  } catch {
    return undefined;
  }
};

const all = () => readdirSync('/proc').flatMap(name => (/^\d+$/.test(name) ? (read(name) ?? []) : []));

/** Every process below this one. */
const descendants = (root: number): Process[] => {
  const processes = all();
  const below = (pid: number): Process[] =>
    processes.filter(({ parent }) => parent === pid).flatMap(child => [child, ...below(child.pid)]);
  return below(root);
};

/** The first process of ours whose command line has this text, and which is nobody's helper. */
export const findMain = (text: string, helper: RegExp): number => {
  const found = descendants(process.pid).find(
    ({ command }) => command.includes(text) && !helper.test(command),
  );
  if (!found) throw Error(`no browser runs with ${text}`);
  return found.pid;
};

const isAlive = (pid: number) => read(`${pid}`) !== undefined;

const killEach = (pids: number[]) => {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
};

/** Kills processes by SIGKILL at once, in this order, and waits until they are gone. */
export const killAll = async (pids: number[]): Promise<void> => {
  killEach(pids);
  while (pids.some(isAlive)) await pause(5);
};

/** A process and all that is below it. */
export const tree = (root: number): number[] => [root, ...descendants(root).map(({ pid }) => pid)];

/** Those processes below this one whose command line fits. */
export const below = (root: number, command: RegExp): number[] =>
  descendants(root)
    .filter(each => command.test(each.command))
    .map(({ pid }) => pid);

/** Kills a process and all that is below it without waiting, for when this process ends. */
export const killNow = (root: number): void => killEach(tree(root));
