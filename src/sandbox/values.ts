/** What several checks ask of a JSON value. */

/** Deeper JSON serves nobody and would overflow the printer of the history page. */
export const MAX_DEPTH = 100;

/** Whether arrays and objects lie inside each other more than `MAX_DEPTH` times. Does not recurse itself. */
export function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return true;
    level = level.flatMap(item => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
  return false;
}

/** Whether a parsed JSON value is an object with names, not a list and not null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
