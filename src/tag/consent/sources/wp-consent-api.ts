import type { Source, State } from '../consent';

/** What the WordPress plugin of that name puts on the page: https://wordpress.org/plugins/wp-consent-api/ */
interface WpConsent {
  wp_has_consent?(category: string): boolean;
  /** Opt-in or opt-out, said by the banner. */
  wp_consent_type?: string;
  wp_fallback_consent_type?: string;
  /** The banner will say later which of the two it is. */
  waitfor_consent_hook?: boolean | string;
}

/**
 * The WP Consent API, by which WordPress banners tell all plugins: `statistics` are events, `marketing` is identity.
 * Without a banner it says yes to everything, so it counts only once a banner has named its consent type.
 */
export const wpConsentApi: Source = changed => {
  for (const type of ['wp_consent_type_defined', 'wp_listen_for_consent_change'])
    document.addEventListener(type, changed);

  const stateOf = (category: string): State => {
    if ((window as WpConsent).wp_has_consent!(category)) return 'granted';
    // Where the visitor has not answered yet there is no cookie.
    return document.cookie.includes(`wp_consent_${category}=deny`) ? 'denied' : 'pending';
  };

  return () => {
    const page = window as WpConsent;
    if (!page.wp_has_consent) return undefined;
    const { wp_consent_type, wp_fallback_consent_type, waitfor_consent_hook } = page;
    if (!(wp_consent_type || wp_fallback_consent_type)) return waitfor_consent_hook ? {} : undefined;
    return { events: stateOf('statistics'), identity: stateOf('marketing') };
  };
};
