import { isChromium } from '../browser/engine';
import { backoff, retryAfter } from './backoff';

/** What came back: the status, the whole text, and how long the endpoint asks to wait, in milliseconds. */
export interface Answer {
  status: number;
  text: string;
  wait: number | undefined;
}

/** An answer that does not come within this is none. */
const TIMEOUT = 30_000;

/** How often a request that must not be lost is tried before it is given up. */
const TRIES = 8;

/** Requests to the endpoint, all of one form. */
export const createRequests = (endpoint: string) => {
  const addressOf = (path: string) => new URL(endpoint.replace(/\/?$/, path), location.href).href;
  const isSameOrigin = (address: string) => address.startsWith(`${location.origin}/`);
  // Cross-origin `text/plain` needs no preflight; same-origin JSON does not offend firewalls that refuse `text/plain`.
  const typeFor = (address: string) =>
    isSameOrigin(address) ? 'application/json' : 'text/plain;charset=UTF-8';
  const flying = new Set<AbortController>();

  /** One request; rejects when there is no answer. */
  const post = async (path: string, body: string, keepalive = true): Promise<Answer> => {
    const address = addressOf(path);
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), TIMEOUT);
    flying.add(abort);
    try {
      const response = await fetch(address, {
        method: 'POST',
        body,
        keepalive,
        credentials: 'include',
        headers: { 'content-type': typeFor(address) },
        signal: abort.signal,
      });
      // Always read to the end: an unread answer keeps its share of the keepalive budget for good.
      const text = await response.text();
      return { status: response.status, text, wait: retryAfter(response.headers.get('retry-after')) };
    } finally {
      clearTimeout(timer);
      flying.delete(abort);
    }
  };

  return {
    post,

    /**
     * Tries until there is an answer that says more than "later", for as long as the page lives; undefined when given up.
     *
     * @param body made for each try: what may be told can change meanwhile
     */
    async insist(path: string, body: () => unknown): Promise<Answer | undefined> {
      for (let failures = 0; ; ) {
        const answer = await post(path, JSON.stringify(body())).catch(() => undefined);
        if (answer && answer.status < 500 && answer.status !== 429) return answer;
        if (++failures === TRIES) return undefined;
        await new Promise(again => setTimeout(again, (answer?.wait ?? 0) + backoff(failures)));
      }
    },

    /**
     * Hands a body to the browser, to be sent even if the page ends. True means that the browser took it, no more.
     *
     * Chromium loses a Blob now and then when the tab is closed: its bytes belong to the page's process until another one
     * has read them. A text travels with the request, but cannot be JSON in a beacon; in a fetch it can.
     */
    beacon(path: string, body: string): boolean {
      try {
        const address = addressOf(path);
        if (!isSameOrigin(address)) return navigator.sendBeacon(address, body);
        // Beside another request it may be too much, which a beacon says at once and a fetch too late.
        if (!isChromium() || flying.size)
          return navigator.sendBeacon(address, new Blob([body], { type: typeFor(address) }));
        post(path, body).catch(() => {});
        return true;
      } catch {
        return false;
      }
    },

    /** Ends what is on its way: its answer changes nothing any more. */
    abort(): void {
      for (const each of flying) each.abort();
    },
  };
};

export type Requests = ReturnType<typeof createRequests>;
