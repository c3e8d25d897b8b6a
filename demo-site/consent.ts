import { getCookie, setCookie } from 'hono/cookie';
import { ownCookie, type ShopContext } from './visit';

/** Whether the shop asks its visitors before anything is noted: `off` is a shop without a banner. */
export type ConsentMode = 'banner' | 'off';

/** What a visitor may answer. */
export type ConsentAnswer = 'all' | 'events' | 'none';

/** An answer as visitors and tag have it. */
export interface ConsentChoice {
  /** What stands on the button. */
  label: string;
  /** What follows from it, in one or two sentences. */
  meaning: string;
  /** What the tag is told: the argument of `shoptrail.consent()`. */
  consent: boolean | { events: boolean; identity: boolean };
}

/** The three answers, in the order of the buttons. */
export const choices: Record<ConsentAnswer, ConsentChoice> = {
  all: {
    label: 'Accept all',
    meaning:
      'We note what you look at, search for and put into the cart. Once you sign in, your email, phone and customer number are noted with it.',
    consent: true,
  },
  events: {
    label: 'Without my name',
    meaning: 'The same notes, but under a random number only, even when you sign in.',
    consent: { events: true, identity: false },
  },
  none: {
    label: 'Refuse',
    meaning: 'Nothing is noted, and what was kept in your browser for it is removed.',
    consent: false,
  },
};

/** Name of the cookie with the answer. It is the shop's own: the tag keeps no answer. */
export const CONSENT_COOKIE = 'saltmarsh_consent';

/** For how many days an answer holds before the visitor is asked again. */
export const CONSENT_DAYS = 180;

/** The same in seconds. */
export const CONSENT_SECONDS = CONSENT_DAYS * 86_400;

/** Whether a text is one of the three answers. */
export function isAnswer(text: string | undefined): text is ConsentAnswer {
  return text !== undefined && Object.hasOwn(choices, text);
}

/** What this visitor has answered; undefined when they have not. */
export function readAnswer(c: ShopContext): ConsentAnswer | undefined {
  const kept = getCookie(c, CONSENT_COOKIE);
  return isAnswer(kept) ? kept : undefined;
}

/** Keeps an answer in the visitor's browser, where the page's script may read and change it. */
export function keepAnswer(c: ShopContext, answer: ConsentAnswer): void {
  setCookie(c, CONSENT_COOKIE, answer, { ...ownCookie(c), httpOnly: false, maxAge: CONSENT_SECONDS });
}
