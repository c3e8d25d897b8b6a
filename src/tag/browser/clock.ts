/**
 * Milliseconds since 1970 that never jump within a page: a clock set back while the page is open would put a later
 * event before an earlier one.
 */
const start = Date.now() - performance.now();
export const now = (): number => Math.round(start + performance.now());
