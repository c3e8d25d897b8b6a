import type { Lane } from './outbox';
import { readAnswer, readFailure, type Verdict } from './verdict';

/** The resources of the platform that the relay uses. Nothing throws: what went wrong is a verdict. */
export interface Platform {
  /** Posts one body to the resource of a lane; `event` when none is named. */
  post(body: string, lane?: Lane): Promise<Verdict>;
  /** Deletes past events: `{"from","to"}` (seed 002). Without it the relay has no such command. */
  deletePast?(body: string): Promise<Verdict>;
}

/** Where each lane ends. */
const paths: Record<Lane, string> = {
  event: '/v2/event',
  history: '/v1/past_events',
  subscription: '/v1/contact/subscribe',
};

/** Five hundred events take longer than one. */
const batchTimeout = 4;

export interface PlatformOptions {
  /** The platform's API, `https://esputnik.com/api`, without a slash at its end. */
  url: string;
  /** The value of the Authorization header; see {@link authorization}. */
  authorization: string;
  /** How long one request may take, in ms; one for past events four times that. Default 15,000. */
  timeout?: number;
  /** The clock, in ms since 1970: a Retry-After may name a date. */
  now?: () => number;
  /** What sends the requests. Default the global one. */
  fetch?: typeof fetch;
}

/** The Authorization header of an API key (Basic, any user name: peers.md D1) or of a Bearer token. */
export const authorization = (secret: { apiKey: string } | { token: string }): string =>
  'token' in secret
    ? `Bearer ${secret.token}`
    : `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`shoptrail:${secret.apiKey}`)))}`;

/** How much of a refusal is read, in bytes: its reason is at its beginning. */
const readAtMost = 8_192;

const beginningOf = async (response: Response): Promise<string> => {
  const reader = response.body?.getReader();
  if (!reader) return '';
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (let read = 0; read < readAtMost; ) {
      const { done, value } = await reader.read();
      if (done) return text;
      read += value.length;
      text += decoder.decode(value, { stream: true });
    }
    await reader.cancel();
  } catch {
    // The status is known; a body that broke off says as much as it had said.
  }
  return text;
};

/** The platform over HTTP, with the key added. */
export const createPlatform = ({
  url,
  authorization,
  timeout = 15_000,
  now = Date.now,
  fetch: send = fetch,
}: PlatformOptions): Platform => {
  const ask = async (method: string, path: string, body: string, patience: number): Promise<Verdict> => {
    try {
      const response = await send(`${url}${path}`, {
        method,
        headers: { 'content-type': 'application/json', accept: 'application/json', authorization },
        body,
        // Followed, a redirect would become a GET whose 200 means nothing.
        redirect: 'manual',
        signal: AbortSignal.timeout(patience),
      });
      if (response.ok) {
        // Read to its end so that the connection can be used again; the verdict does not wait for it.
        response.arrayBuffer().catch(() => {});
        return readAnswer(response.status, response.headers, '', now());
      }
      return readAnswer(response.status, response.headers, await beginningOf(response), now(), body);
    } catch (error) {
      return readFailure(error);
    }
  };
  return {
    post: (body, lane = 'event') =>
      ask('POST', paths[lane], body, lane === 'history' ? timeout * batchTimeout : timeout),
    deletePast: body => ask('DELETE', paths.history, body, timeout * batchTimeout),
  };
};
