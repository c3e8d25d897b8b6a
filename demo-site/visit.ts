import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { ConsentMode } from './consent';
import { emptySession, SESSION_COOKIE, type Session, type Sessions } from './session';

/** What handlers find on a request's context. */
export interface ShopEnv {
  Variables: {
    /** Nonce of this answer's scripts. */
    nonce: string;
    sessions: Sessions;
    consentMode: ConsentMode;
    /** Footer link to the sandbox's history, if there is a sandbox. */
    historyUrl: string | undefined;
  };
}

/** A request's context. */
export type ShopContext = Context<ShopEnv>;

/** The visitor's session for reading. Who has none yet gets an empty one that is not kept. */
export function readSession(c: ShopContext): Session {
  return c.get('sessions').find(getCookie(c, SESSION_COOKIE)) ?? emptySession();
}

/** The visitor's session for writing; begins one, with its cookie, if needed. */
export function keepSession(c: ShopContext): Session {
  return c.get('sessions').find(getCookie(c, SESSION_COOKIE)) ?? renewSession(c, emptySession());
}

/** How a cookie of the shop is set: for its server only, and not for what other sites post. */
export function ownCookie(c: ShopContext) {
  const secure = new URL(c.req.url).protocol === 'https:';
  return { httpOnly: true, sameSite: 'Lax', path: '/', secure } as const;
}

/** Puts a session under a new key, so that a key known before signing in or out is worth nothing. */
export function renewSession(c: ShopContext, session: Session): Session {
  c.get('sessions').remove(getCookie(c, SESSION_COOKIE));
  setCookie(c, SESSION_COOKIE, c.get('sessions').create(session), ownCookie(c));
  return session;
}

/** Whether the page's script asks (and wants JSON) or a plain form does (and wants a page). */
export function wantsJson(c: ShopContext): boolean {
  return c.req.header('accept')?.includes('application/json') ?? false;
}
