/** One line of the log: its facts and a sentence. Facts never hold bodies, locators, addresses or keys. */
export type LogLine = (facts: Record<string, unknown>, sentence: string) => void;

/** Where the relay writes what an operator should know. Pino fits as it is. */
export interface Log {
  debug: LogLine;
  info: LogLine;
  warn: LogLine;
  error: LogLine;
}

/** A log that keeps nothing. */
export const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** Lets a line through at most once in `every` ms: for what would repeat with every event. */
export const atMostEvery = (every: number, now: () => number) => {
  let last = Number.NEGATIVE_INFINITY;
  return (line: () => void) => {
    const time = now();
    if (time - last < every && time >= last) return;
    last = time;
    line();
  };
};
