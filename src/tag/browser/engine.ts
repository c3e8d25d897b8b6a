/** Whether this is WebKit: Safari, every browser of iOS, WebKitGTK. Asked only where it keeps a rule of its own. */
export const isWebKit = (): boolean => navigator.vendor.startsWith('Apple');
