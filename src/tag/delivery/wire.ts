import type { Envelope, IngestAnswer } from '../../protocol/types';
import { retryAfter } from './backoff';

/** What became of a request. */
export type Verdict =
  /** It was taken: what it carried, and what it asked about, is settled by id. */
  | ({ kind: 'answered' } & IngestAnswer)
  /** This body will never be taken, and why. */
  | { kind: 'refused'; reason: string }
  /** Not now; `wait` is what the endpoint asked for, in milliseconds. */
  | { kind: 'later'; wait?: number }
  /** No answer that says anything: it may have arrived or not. */
  | { kind: 'silent' };

/** Statuses that say something about the body rather than about the endpoint's day. */
const REFUSED = [400, 413, 422];

/** An answer that does not come within this is none. */
const TIMEOUT = 30_000;

/** How many events a request to the relay may carry. */
const BATCH = 200;

/**
 * How events travel to the endpoint: to the relay in batches that can ask about earlier ones, or alone as the platform
 * has them (`wire: 'v2'`).
 *
 * @param alone every event is posted alone, as the platform has it; any 2xx is an acceptance
 */
export const createWire = (endpoint: string, alone: boolean) => {
  const addressOf = (path: string) => new URL(endpoint.replace(/\/?$/, path), location.href).href;
  const url = addressOf('/v2/event');
  // Cross-origin `text/plain` needs no preflight; same-origin JSON does not offend firewalls that refuse `text/plain`.
  const type = url.startsWith(`${location.origin}/`) ? 'application/json' : 'text/plain;charset=UTF-8';

  const post = async (
    body: string,
    ids: string[],
    keepalive: boolean,
    signal: AbortSignal,
  ): Promise<Verdict> => {
    const headers = { 'content-type': type };
    const response = await fetch(url, {
      method: 'POST',
      body,
      keepalive,
      credentials: 'include',
      headers,
      signal,
    });
    // Always read to the end: an unread answer keeps its share of the keepalive budget for good.
    const text = await response.text();
    if (response.ok) {
      const { accepted, rejected } = alone ? { accepted: ids, rejected: [] } : JSON.parse(text);
      return { kind: 'answered', accepted: [...accepted], rejected: [...rejected] };
    }
    if (REFUSED.includes(response.status)) return { kind: 'refused', reason: text.slice(0, 500) };
    return { kind: 'later', wait: retryAfter(response.headers.get('retry-after')) };
  };

  return {
    /** Whether the endpoint can say which earlier events it has. */
    asks: !alone,

    /** How many events a request may carry. */
    most: alone ? 1 : BATCH,

    /** One event as it stands in a request. */
    encode: (envelope: Envelope): string => JSON.stringify(alone ? envelope.event : envelope),

    /** The body of a request with encoded events, and ids to ask about. */
    body: (events: string[], have: string[]): string =>
      alone
        ? events[0]!
        : `{"events":[${events}],${have[0] ? `"have":${JSON.stringify(have)},` : ''}"sentAt":${Date.now()}}`,

    /** One request by fetch. Never rejects. */
    async send(body: string, ids: string[], keepalive: boolean): Promise<Verdict> {
      const abort = new AbortController();
      const timer = setTimeout(() => abort.abort(), TIMEOUT);
      const verdict = await post(body, ids, keepalive, abort.signal).catch(
        (): Verdict => ({ kind: 'silent' }),
      );
      clearTimeout(timer);
      return verdict;
    },

    /**
     * Has the relay write the visitor's cookie once more: Safari forgets after seven days what a script has written
     * (https://webkit.org/tracking-prevention/), but not what a server of the same site has. Other browsers are not asked.
     */
    renew(id: string, domain: string): void {
      if (alone || !/^Apple/.test(navigator.vendor)) return;
      const body = JSON.stringify({ id, domain });
      fetch(addressOf('/visitor'), {
        method: 'POST',
        body,
        keepalive: true,
        credentials: 'include',
        headers: { 'content-type': type },
      }).catch(() => {});
    },

    /** Hands a body to the browser, to be sent even if the page ends. True means that the browser took it, no more. */
    beacon(body: string): boolean {
      try {
        return navigator.sendBeacon(url, new Blob([body], { type }));
      } catch {
        return false;
      }
    },
  };
};

export type Wire = ReturnType<typeof createWire>;
