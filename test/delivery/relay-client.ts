import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';

/** What the relay answered. */
export interface RelayAnswer {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
}

/** The whole body of a message. Throws when the other end has gone away in the middle of it. */
export const readBody = async (message: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
};

/** A request as a shop's reverse proxy makes it. */
const requestTo = (url: string, { host, connection: _, ...headers }: IncomingHttpHeaders) =>
  httpRequest(url, {
    method: 'POST',
    headers: { ...headers, 'x-forwarded-host': host, 'x-forwarded-for': '127.0.0.1' },
  });

const badGateway: RelayAnswer = {
  status: 502,
  headers: { 'content-type': 'text/plain' },
  body: Buffer.from('Bad gateway'),
};

/** Hands a browser's request to the relay; 502 when the relay is not there or dies on it. */
export const askRelay = (url: string, headers: IncomingHttpHeaders, body: Buffer): Promise<RelayAnswer> =>
  new Promise(resolve => {
    const request = requestTo(url, headers);
    request.on('error', () => resolve(badGateway));
    request.on('response', async response => {
      try {
        const kept = Object.entries(response.headers).filter(([name]) =>
          /^(content-type|retry-after|set-cookie)$/.test(name),
        );
        resolve({
          status: response.statusCode!,
          headers: Object.fromEntries(kept) as RelayAnswer['headers'],
          body: await readBody(response),
        });
      } catch {
        resolve(badGateway);
      }
    });
    request.end(body);
  });

/** Hands over the first half of a request, and no more. */
export const askRelayHalf = (url: string, headers: IncomingHttpHeaders, body: Buffer): Promise<void> =>
  new Promise(resolve => {
    const request = requestTo(url, headers);
    request.on('error', () => resolve());
    request.write(body.subarray(0, body.length >> 1), () => resolve());
  });
