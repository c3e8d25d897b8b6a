/** Whether this is WebKit: Safari, every browser of iOS, WebKitGTK. Asked only where it keeps a rule of its own. */
export const isWebKit = (): boolean => navigator.vendor.startsWith('Apple');

/** Whether this is Chromium: Chrome, Edge, Opera and their like, but not on iOS. Asked only where it has a flaw of its own. */
export const isChromium = (): boolean => navigator.vendor.startsWith('Google');
