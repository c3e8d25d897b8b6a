import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { proxy } from 'hono/proxy';

/** Options of {@link relayProxy}. */
export interface ProxyOptions {
  /** Where the relay listens, e.g. `http://127.0.0.1:8081`. */
  relayUrl: string;
  /** Address of the visitor; undefined where there is no socket, as in tests. */
  remoteAddress?: (c: Context) => string | undefined;
  /** How long the relay may take, in milliseconds. Default 10,000. */
  timeout?: number;
}

/** Refuses bodies above 1 MB: far above what the tag sends, far below what would fill the memory. */
export const relayBodyLimit: MiddlewareHandler = bodyLimit({
  maxSize: 1_000_000,
  onError: c => c.json({ error: 'body larger than 1 MB' }, 413),
});

/**
 * Passes a request on to the relay at the same path, as nginx or a CDN rule of a real shop would: method,
 * query, body and headers unchanged, cookies included. Answers 502 when the relay cannot be reached.
 */
export function relayProxy({ relayUrl, remoteAddress, timeout = 10_000 }: ProxyOptions) {
  return async (c: Context): Promise<Response> => {
    const { pathname, search, protocol, host } = new URL(c.req.url);
    const hasBody = c.req.method !== 'GET' && c.req.method !== 'HEAD';
    const headers: Record<string, string | undefined> = {
      ...c.req.header(),
      host: undefined,
      connection: undefined,
      'content-length': undefined,
      // Set, not appended: no proxy stands before this server, so what a client claims is not to be trusted.
      'x-forwarded-for': remoteAddress?.(c),
      'x-forwarded-host': c.req.header('host') ?? host,
      'x-forwarded-proto': protocol.slice(0, -1),
    };
    try {
      return await proxy(new URL(pathname + search, relayUrl), {
        method: c.req.method,
        headers,
        // Read whole: a body in parts would reach the relay without Content-Length.
        ...(hasBody && { body: await c.req.arrayBuffer() }),
        signal: AbortSignal.timeout(timeout),
        redirect: 'manual',
      });
    } catch {
      return c.json({ error: `the relay at ${relayUrl} does not answer; is it running?` }, 502);
    }
  };
}
