/** Faults that tests and demos order in advance. Each API request takes one from the front of the queue. */
import { isObject } from './values';

/** What goes wrong with a request. */
export type Fault =
  /** Answers with this status and stores nothing. */
  | { kind: 'status'; status: number; retryAfter?: string; body?: string }
  /** Waits, then works as usual. */
  | { kind: 'slow'; ms: number }
  /** Reads the request, stores nothing, cuts the connection. */
  | { kind: 'drop' }
  /** Stores the event, then cuts the connection instead of answering. */
  | { kind: 'drop-after' }
  /** Stores the event, sends a 200 that announces a body, and cuts the connection in the middle of it. */
  | { kind: 'truncate' };

type Ordered = Fault & { times: number };

const MAX_SLOW = 600_000;

export type Faults = ReturnType<typeof createFaults>;

/** An empty queue of faults. */
export function createFaults() {
  let queue: Ordered[] = [];
  return {
    /** Adds to the end of the queue. */
    add: (faults: Ordered[]) => void queue.push(...faults.map(fault => ({ ...fault }))),
    /** The fault of the next request, or undefined when it shall work. */
    take(): Fault | undefined {
      const next = queue[0];
      if (next && --next.times <= 0) queue.shift();
      return next;
    },
    /** What is left. */
    left: (): Ordered[] => queue,
    clear(): void {
      queue = [];
    },
  };
}

/**
 * Reads the body of `POST /sandbox/faults`: `{"faults": [{"kind": "status", "status": 429, "retryAfter": 2, "times": 3}]}`.
 *
 * @returns the faults, `times` being 1 when left out, or a sentence that says which one is wrong and how.
 */
export function readFaults(body: unknown): { faults: Ordered[] } | { reason: string } {
  const given = isObject(body) ? body.faults : undefined;
  if (!Array.isArray(given)) return { reason: 'Expected {"faults": [...]}' };
  const faults: Ordered[] = [];
  for (const [index, item] of given.entries()) {
    const fault = isObject(item) ? readFault(item) : 'must be an object';
    if (typeof fault === 'string') return { reason: `faults[${index}] ${fault}` };
    faults.push(fault);
  }
  return { faults };
}

function readFault(item: Record<string, unknown>): Ordered | string {
  const times = item.times ?? 1;
  if (!Number.isSafeInteger(times) || (times as number) < 1) return '.times must be a whole number from 1';
  const fault = readKind(item);
  return typeof fault === 'string' ? fault : { ...fault, times: times as number };
}

function readKind({ kind, status, retryAfter, body, ms }: Record<string, unknown>): Fault | string {
  switch (kind) {
    case 'status': {
      const isStatus = Number.isInteger(status) && (status as number) >= 200 && (status as number) <= 599;
      if (!isStatus) return '.status must be an HTTP status from 200 to 599';
      const fault: Fault = { kind, status: status as number };
      if (retryAfter !== undefined) fault.retryAfter = String(retryAfter);
      if (body !== undefined) fault.body = typeof body === 'string' ? body : JSON.stringify(body);
      return fault;
    }
    case 'slow':
      if (typeof ms !== 'number' || !(ms >= 0 && ms <= MAX_SLOW)) return `.ms must be 0 to ${MAX_SLOW}`;
      return { kind, ms };
    case 'drop':
    case 'drop-after':
    case 'truncate':
      return { kind };
    default:
      return '.kind must be status, slow, drop, drop-after or truncate';
  }
}
