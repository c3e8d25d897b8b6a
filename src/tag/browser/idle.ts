/** Runs a callback when the page has nothing better to do; WebKit has no `requestIdleCallback`. */
export const whenIdle = (callback: () => void): void => {
  if ('requestIdleCallback' in self) requestIdleCallback(callback, { timeout: 1000 });
  else setTimeout(callback);
};
