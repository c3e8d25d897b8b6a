import type { Answer, Purpose, Source, State } from '../consent';

/** What each purpose is called there: https://developers.google.com/tag-platform/security/concepts/consent-mode */
const purposes: [Purpose, string][] = [
  ['events', 'analytics_storage'],
  ['identity', 'ad_user_data'],
];

/** `gtag('consent', 'default', {...})` as it lies in the dataLayer: an arguments object, or an array. */
type Command = { 0: unknown; 1: unknown; 2?: Record<string, unknown> };

/**
 * Google Consent Mode: the commands in the dataLayer, wherever they come from and in any order. As with Google, an
 * update counts more than any default, whichever came first, and the later of two the more.
 *
 * A default of "denied" is how banners begin before the visitor has answered, on every page: it is no refusal. Which
 * region a default is for cannot be known here, so one that denies anywhere is taken to be for this visitor.
 */
export const consentMode: Source = () => {
  const defaults: Answer = {};
  const elsewhere: Answer = {};
  const updates: Answer = {};
  let spoken = false;

  const read = ({ 1: kind, 2: values }: Command) => {
    spoken = true;
    for (const [purpose, name] of purposes) {
      const value = values?.[name];
      if (value !== 'granted' && value !== 'denied') continue;
      const open: State = value === 'granted' ? value : 'pending';
      if (kind === 'update') updates[purpose] = value;
      else if (!values!.region) defaults[purpose] = open;
      else if (open === 'pending') elsewhere[purpose] = open;
    }
  };

  return () => {
    const { dataLayer } = window as { dataLayer?: unknown };
    for (const entry of Array.isArray(dataLayer) ? dataLayer : []) {
      try {
        if (entry[0] === 'consent' && /^(default|update)$/.test(entry[1])) read(entry);
      } catch {}
    }
    return spoken ? { ...defaults, ...elsewhere, ...updates } : undefined;
  };
};
