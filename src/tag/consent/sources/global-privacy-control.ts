import type { Source } from '../consent';

/**
 * Global Privacy Control, set by the visitor in their browser: a no to every purpose, whatever a banner says.
 * https://w3c.github.io/gpc/
 */
export const globalPrivacyControl: Source = () => () =>
  (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl
    ? { events: 'denied', identity: 'denied' }
    : undefined;
