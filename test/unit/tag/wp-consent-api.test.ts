// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { wpConsentApi } from '../../../src/tag/consent/sources/wp-consent-api';

const page = window as {
  wp_has_consent?: (category: string) => boolean;
  wp_consent_type?: string;
  wp_fallback_consent_type?: string;
  waitfor_consent_hook?: boolean | string;
};

const cookieOf = (category: string) =>
  new RegExp(`(?:^|; )wp_consent_${category}=([^;]*)`).exec(document.cookie)?.[1];

/**
 * The plugin, as its documents describe it: without a consent type everything is allowed; with opt-out what was not
 * refused; with opt-in what was allowed.
 */
const installPlugin = (fallback = '', waits: boolean | string = '') => {
  page.wp_fallback_consent_type = fallback;
  page.waitfor_consent_hook = waits;
  page.wp_has_consent = category => {
    const type = page.wp_consent_type ?? page.wp_fallback_consent_type;
    const answer = cookieOf(category);
    if (!type) return true;
    return type.includes('optout') && !answer ? true : answer === 'allow';
  };
};

const putCookie = (category: string, rest: string) => {
  // biome-ignore lint/suspicious/noDocumentCookie: the plugin writes it so
  document.cookie = `wp_consent_${category}=${rest}`;
};

/** The visitor answers: a cookie, then an event, in this order. */
const setConsent = (category: string, value: 'allow' | 'deny') => {
  putCookie(category, `${value}; path=/`);
  document.dispatchEvent(new CustomEvent('wp_listen_for_consent_change', { detail: { [category]: value } }));
};

const nothing = () => {};
const says = (source = wpConsentApi(nothing)) => {
  const answer = source();
  return answer && `${answer.events ?? '-'} ${answer.identity ?? '-'}`;
};

beforeEach(() => {
  (window as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL('https://shop.example/');
});
afterEach(() => {
  for (const name of [
    'wp_has_consent',
    'wp_consent_type',
    'wp_fallback_consent_type',
    'waitfor_consent_hook',
  ])
    delete (page as Record<string, unknown>)[name];
  for (const category of ['statistics', 'statistics-anonymous', 'marketing', 'functional'])
    putCookie(category, '; path=/; max-age=0');
});

describe('the WP Consent API', () => {
  it('says nothing where there is no such plugin, whatever cookies an earlier one has left', () => {
    expect(says()).toBeUndefined();
    setConsent('statistics', 'deny');
    expect(says()).toBeUndefined();
    page.wp_consent_type = 'optin';
    expect(says()).toBeUndefined();
  });

  it('says nothing where the plugin has no banner: its yes to everything is nobody’s answer', () => {
    installPlugin();
    expect(page.wp_has_consent!('statistics')).toBe(true);
    expect(says()).toBeUndefined();
  });

  it('is open while the banner has not named its type yet', () => {
    installPlugin('', '1');
    expect(says()).toBe('- -');
    page.wp_consent_type = 'optin';
    expect(says()).toBe('pending pending');
  });

  it('is asked again when the banner names its type', () => {
    installPlugin('', true);
    const changed = vi.fn();
    const source = wpConsentApi(changed);
    expect(says(source)).toBe('- -');
    page.wp_consent_type = 'optout';
    document.dispatchEvent(new CustomEvent('wp_consent_type_defined'));
    expect(changed).toHaveBeenCalledTimes(1);
    expect(says(source)).toBe('granted granted');
  });

  it.each([
    ['optin', 'unanswered', {}, 'pending pending'],
    ['optin', 'allowed', { statistics: 'allow', marketing: 'allow' }, 'granted granted'],
    ['optin', 'denied', { statistics: 'deny', marketing: 'deny' }, 'denied denied'],
    ['optin', 'with statistics allowed alone', { statistics: 'allow', marketing: 'deny' }, 'granted denied'],
    ['optin', 'with marketing allowed alone', { statistics: 'deny', marketing: 'allow' }, 'denied granted'],
    ['optin', 'answered for statistics alone', { statistics: 'allow' }, 'granted pending'],
    [
      'optin',
      'answered for other categories',
      { functional: 'allow', 'statistics-anonymous': 'deny' },
      'pending pending',
    ],
    ['optout', 'unanswered', {}, 'granted granted'],
    ['optout', 'denied', { statistics: 'deny', marketing: 'deny' }, 'denied denied'],
    ['optout', 'with marketing denied alone', { marketing: 'deny' }, 'granted denied'],
    ['optout', 'allowed', { statistics: 'allow', marketing: 'allow' }, 'granted granted'],
  ] as const)('with %s, %s', (type, _, answers, expected) => {
    for (const [category, value] of Object.entries(answers)) setConsent(category, value as 'allow');
    installPlugin();
    page.wp_consent_type = type;
    expect(says()).toBe(expected);
    delete page.wp_consent_type;
    installPlugin(type);
    expect(says()).toBe(expected);
  });

  it('knows the banner’s own type better than the shop’s fallback', () => {
    installPlugin('optout');
    expect(says()).toBe('granted granted');
    page.wp_consent_type = 'optin';
    expect(says()).toBe('pending pending');
  });

  it('is asked again when the visitor answers, and when they change their mind', () => {
    installPlugin('optin');
    const heard: (string | undefined)[] = [];
    const source = wpConsentApi(() => heard.push(says(source)));
    setConsent('statistics', 'allow');
    setConsent('marketing', 'allow');
    setConsent('marketing', 'deny');
    setConsent('statistics', 'deny');
    expect(heard).toEqual(['granted pending', 'granted granted', 'granted denied', 'denied denied']);
  });

  it('is there when the plugin comes after the tag', () => {
    const changed = vi.fn();
    const source = wpConsentApi(changed);
    expect(says(source)).toBeUndefined();
    installPlugin('optin');
    expect(says(source)).toBe('pending pending');
    setConsent('statistics', 'allow');
    expect(changed).toHaveBeenCalledTimes(1);
    expect(says(source)).toBe('granted pending');
  });
});
