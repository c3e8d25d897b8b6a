import { randomBytes } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import type { ShopEnv } from './visit';

/** The policy of every page. Only scripts with the page's nonce run, and no string becomes markup. */
export function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
}

/** Gives each request a nonce and each answer the security headers. */
export const securityHeaders: MiddlewareHandler<ShopEnv> = async (c, next) => {
  const nonce = randomBytes(16).toString('base64');
  c.set('nonce', nonce);
  await next();
  c.header('Content-Security-Policy', contentSecurityPolicy(nonce));
  c.header('X-Content-Type-Options', 'nosniff');
  c.header('Referrer-Policy', 'strict-origin-when-cross-origin');
};

/**
 * True when a form was sent by a page of this shop: the browser says so, or, where it says nothing (plain
 * http on another machine), the Origin names this host.
 */
export function isFromThisShop(c: Context): boolean {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin';
  const origin = c.req.header('origin');
  const host = c.req.header('host') ?? new URL(c.req.url).host;
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}
