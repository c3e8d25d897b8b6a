import { retryAfter } from './retry';

/** What the platform's answer, or its absence, means for one event. */
export type Verdict =
  | { kind: 'accepted' /** The platform said that it had it already. */; duplicate?: true }
  | {
      kind: 'later';
      status?: number;
      /** The platform may have taken the event all the same. */
      inDoubt?: true;
      /** How long the platform asks to be left alone, in ms. */
      wait?: number;
      /** A sentence for the operator, when waiting alone will not help. */
      loud?: string;
    }
  | { kind: 'never'; status: number /** The platform's words. */; reason: string }
  | { kind: 'paused'; cause: 'unauthorized' | 'forbidden' };

/** The longest reason that is kept of a refusal, in characters. */
export const reasonLength = 1_000;

/** Seen in the vendor's own integrations, which count it as success (peers.md D3). */
const duplicated = /duplicated request/i;

/**
 * Reads one answer of the platform. `text` is its body, of which a 2xx needs none (peers.md D3); `sent` is what was
 * posted: words that stand in it may be a quotation.
 *
 * A 5xx other than 503 is in doubt: it says that something broke, not how far it had come.
 */
export const readAnswer = (
  status: number,
  headers: Headers,
  text: string,
  now: number,
  sent = '',
): Verdict => {
  if (status >= 200 && status < 300) return { kind: 'accepted' };
  if (duplicated.test(text) && !duplicated.test(sent)) return { kind: 'accepted', duplicate: true };
  if (status === 401) return { kind: 'paused', cause: 'unauthorized' };
  if (status === 403) return { kind: 'paused', cause: 'forbidden' };
  if (status === 400 || status === 413 || status === 422) {
    return { kind: 'never', status, reason: (text.trim() || `HTTP ${status}`).slice(0, reasonLength) };
  }
  const verdict: Verdict = { kind: 'later', status };
  const wait = retryAfter(headers.get('retry-after'), now);
  if (wait !== undefined) verdict.wait = wait;
  if (status >= 500) {
    if (status !== 503) verdict.inDoubt = true;
  } else if (status !== 408 && status !== 429) {
    // 404, a redirect (which would turn the POST into a GET) and the like: most likely the address is wrong.
    verdict.loud = `The platform answers ${status}. Check PLATFORM_URL: events wait until it answers as it should.`;
  }
  return verdict;
};

/** Codes with which Node says that no connection was made, so that nothing can have been sent. */
const notConnected =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_.*|ERR_TLS_CERT_.*|SELF_SIGNED_.*|DEPTH_ZERO_.*|UNABLE_TO_.*)$/;

const neverLeft = (error: unknown): boolean => {
  if (typeof error !== 'object' || error === null) return false;
  const { code, syscall, errors, cause } = error as Record<string, unknown>;
  // Several addresses were tried: all of them must have failed to connect.
  if (Array.isArray(errors) && errors.length) return errors.every(neverLeft);
  if (cause) return neverLeft(cause);
  // The same code may come from a connection that had been made, unless the call names itself.
  const connecting = syscall === undefined || syscall === 'connect' || syscall === 'getaddrinfo';
  return typeof code === 'string' && notConnected.test(code) && connecting;
};

/** What a request without an answer means: in doubt, unless it certainly never left. */
export const readFailure = (error: unknown): Verdict =>
  neverLeft(error) ? { kind: 'later' } : { kind: 'later', inDoubt: true };
