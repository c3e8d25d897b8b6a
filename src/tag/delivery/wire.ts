import type { Envelope, IngestAnswer } from '../../protocol/types';
import { now } from '../browser/clock';
import { isWebKit } from '../browser/engine';
import type { Requests } from './request';

/** What became of a request. */
export type Verdict =
  /** It was taken: what it carried, and what it asked about, is settled by id. */
  | ({ kind: 'answered' } & IngestAnswer)
  /** This body will never be taken, and why. */
  | { kind: 'refused'; reason: string }
  /** Not now; `wait` is what the endpoint asked for, in milliseconds. `forbidden`: it may be for what is in the body. */
  | { kind: 'later'; wait: number | undefined; forbidden?: boolean }
  /** No answer that says anything: it may have arrived or not. */
  | { kind: 'silent' };

/** What the endpoint says of a body that it will never take; and a proxy before it, whatever is in the body. */
const REFUSED = [400, 422];

/** How the relay begins when it says why: its own word. */
const WORD = '{"error"';

/** What a firewall before the endpoint says to words that it takes for an attack; or to whom it does not like at all. */
const FORBIDDEN = [403, 406, ...REFUSED];

/** How many events a request to the relay may carry. */
const BATCH = 200;

const EVENTS = '/v2/event';

/**
 * How events travel to the endpoint: to the relay in batches that can ask about earlier ones, or alone as the platform
 * has them (`wire: 'v2'`).
 *
 * @param alone every event is posted alone, as the platform has it; any 2xx is an acceptance
 */
export const createWire = ({ post, beacon }: Requests, alone: boolean) => {
  const read = async (body: string, ids: string[], keepalive: boolean): Promise<Verdict> => {
    const { status, text, wait } = await post(EVENTS, body, keepalive);
    if (status >= 200 && status < 300) {
      const { accepted, rejected } = alone ? { accepted: ids, rejected: [] } : JSON.parse(text);
      return { kind: 'answered', accepted: [...accepted], rejected: [...rejected] };
    }
    if (status === 413 || (REFUSED.includes(status) && (alone || text.startsWith(WORD))))
      return { kind: 'refused', reason: text.slice(0, 500) };
    return { kind: 'later', wait, forbidden: FORBIDDEN.includes(status) };
  };

  return {
    /** Whether the endpoint can say which earlier events it has. */
    asks: !alone,

    /** How many events a request may carry. */
    most: alone ? 1 : BATCH,

    /** One event as it stands in a request. */
    encode: (envelope: Envelope): string => JSON.stringify(alone ? envelope.event : envelope),

    /** The body of a request with encoded events, and ids: to ask about (`have`), or that are to go first (`after`). */
    body: (events: string[], ids: string[], what = 'have'): string =>
      alone
        ? events[0]!
        : `{"events":[${events}],${ids[0] ? `"${what}":${JSON.stringify(ids)},` : ''}"sentAt":${now()}}`,

    /** One request by fetch. Never rejects. */
    send: (body: string, ids: string[], keepalive: boolean): Promise<Verdict> =>
      read(body, ids, keepalive).catch((): Verdict => ({ kind: 'silent' })),

    /** Hands a body to the browser. True means that it was taken there, no more. */
    beacon: (body: string): boolean => beacon(EVENTS, body),

    /**
     * Has the relay write the visitor's cookie once more: Safari forgets after seven days what a script has written
     * (https://webkit.org/tracking-prevention/), but not what a server of the same site has. Other browsers are not asked.
     */
    async renew(id: string, domain: string): Promise<void> {
      if (!alone && isWebKit()) await post('/visitor', JSON.stringify({ id, domain })).catch(() => {});
    },
  };
};

export type Wire = ReturnType<typeof createWire>;
