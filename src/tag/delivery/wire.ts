import type { Envelope, IngestAnswer } from '../../protocol/types';

/** Statuses that say something about the body rather than about the endpoint's day. */
const REFUSED = [400, 413, 422];

/** An answer that does not come within this is none. */
const TIMEOUT = 30_000;

/** How many events a request to the relay may carry. */
const BATCH = 200;

const NOTHING: IngestAnswer = { accepted: [], rejected: [] };

/**
 * How events travel to the endpoint: to the relay in batches, or alone as the platform has them (`wire: 'v2'`).
 *
 * @param alone every event is posted alone, as the platform has it; any 2xx is an acceptance
 */
export const createWire = (endpoint: string, alone: boolean) => {
  const url = new URL(`${endpoint.replace(/\/$/, '')}/v2/event`, location.href).href;
  // Cross-origin `text/plain` needs no preflight; same-origin JSON does not offend firewalls that refuse `text/plain`.
  const type = url.startsWith(`${location.origin}/`) ? 'application/json' : 'text/plain;charset=UTF-8';
  let most = alone ? 1 : BATCH;

  const post = async (
    body: string,
    ids: string[],
    keepalive: boolean,
    signal: AbortSignal,
  ): Promise<IngestAnswer> => {
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
    if (response.ok) return alone ? { accepted: ids, rejected: [] } : JSON.parse(text);
    if (!REFUSED.includes(response.status)) return NOTHING;
    // Of several events each is sent alone now, to find the bad one.
    most = 1;
    return { accepted: [], rejected: ids[1] ? [] : [{ id: ids[0]!, reason: text.slice(0, 500) }] };
  };

  return {
    /** Whether the endpoint knows a repeat by its id, so that what only a beacon took can be sent again. */
    dedupes: !alone,

    /** How many events a request may carry now. */
    most: () => most,

    /** One event as it stands in a request. */
    encode: (envelope: Envelope): string => JSON.stringify(alone ? envelope.event : envelope),

    /** The body of a request with encoded events. */
    body: (events: string[]): string =>
      alone ? events[0]! : `{"events":[${events}],"sentAt":${Date.now()}}`,

    /** One request by fetch. Never rejects; an event that the answer has no word about was not taken. */
    async send(body: string, ids: string[], keepalive: boolean): Promise<IngestAnswer> {
      const abort = new AbortController();
      const timer = setTimeout(() => abort.abort(), TIMEOUT);
      const answer = await post(body, ids, keepalive, abort.signal).catch(() => NOTHING);
      clearTimeout(timer);
      return answer;
    },

    /** Hands a body to the browser, to be sent even if the page ends. True means that the browser took it, no more. */
    beacon: (body: string): boolean => navigator.sendBeacon(url, new Blob([body], { type })),
  };
};

export type Wire = ReturnType<typeof createWire>;
