let last = 0;
/** How far a clock that was set back while the page is open is behind the page's time, in milliseconds. */
let behind = 0;

/**
 * Milliseconds since 1970 that never go back within a page: a clock that is set back would put a later event before an
 * earlier one. Not `performance.now()`, which stands still while the device sleeps
 * (https://github.com/w3c/hr-time/issues/115): a tab that is opened again in the morning would tell yesterday's time.
 */
export const now = (): number => {
  const time = Date.now();
  if (time + behind < last) behind = last - time;
  last = time + behind;
  return last;
};
