import { readAnswer, readFailure, type Verdict } from './verdict';

/** One resource of the platform, offered one event at a time. */
export interface Platform {
  /** Posts one v2 body. Never throws: what went wrong is a verdict. */
  post(body: string): Promise<Verdict>;
}

export interface PlatformOptions {
  /** The platform's API, `https://esputnik.com/api`, without a slash at its end. */
  url: string;
  /** The value of the Authorization header; see {@link authorization}. */
  authorization: string;
  /** How long one request may take, in ms. Default 15,000. */
  timeout?: number;
  now?: () => number;
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

/** `POST {url}/v2/event` with the key added. */
export const createPlatform = ({
  url,
  authorization,
  timeout = 15_000,
  now = Date.now,
  fetch: send = fetch,
}: PlatformOptions): Platform => ({
  async post(body) {
    try {
      const response = await send(`${url}/v2/event`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json', authorization },
        body,
        // Followed, a redirect would become a GET whose 200 means nothing.
        redirect: 'manual',
        signal: AbortSignal.timeout(timeout),
      });
      if (response.ok) {
        // Read to its end so that the connection can be used again; the verdict does not wait for it.
        response.arrayBuffer().catch(() => {});
        return readAnswer(response.status, response.headers, '', now());
      }
      return readAnswer(response.status, response.headers, await beginningOf(response), now());
    } catch (error) {
      return readFailure(error);
    }
  },
});
