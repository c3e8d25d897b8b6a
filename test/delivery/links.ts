import type { ServerResponse } from 'node:http';
import type { IngestAnswer } from '../../src/protocol/types';
import type { RelayAnswer } from './relay-client';

/** One request of a tag on its way to the relay. */
export interface Passage {
  /** The number of the page it comes from; undefined when the browser does not say. */
  page: number | undefined;
  /** The ids of the events in it. */
  ids: string[];
  /** The ids it only asks about. */
  have: string[];
  /** Answers the browser. */
  response: ServerResponse;
  /** Hands the request to the relay, and answers what it said; 502 when the relay is not there. */
  ask(): Promise<RelayAnswer>;
  /** The same, but the relay gets only the first half of the body. Resolves when that half was handed over. */
  askHalf(): Promise<void>;
}

/** The way between a visitor's browser and the relay: decides what becomes of one request. */
export type Link = (passage: Passage) => Promise<void> | void;

const pass = (response: ServerResponse, { status, headers, body }: RelayAnswer) =>
  response.writeHead(status, headers).end(body);

/** Everything arrives, and so does the answer. */
export const up: Link = async ({ response, ask }) => void pass(response, await ask());

/** The request is cut off: to the browser, the network is gone. */
export const unreachable: Link = ({ response }) => void response.destroy();

/** The relay has the events, the browser never hears of it. */
export const answerLost: Link = async ({ response, ask }) => {
  await ask();
  response.destroy();
};

/** The relay has the events; of the answer, a 200, the second half is missing. */
export const truncated: Link = async ({ response, ask }) => {
  const { headers, body } = await ask();
  response.writeHead(200, { ...headers, 'content-length': `${body.length}` });
  response.write(body.subarray(0, body.length >> 1), () => response.destroy());
};

/** A proxy answers before the relay sees anything. */
export const status =
  (code: number, headers: Record<string, string> = {}): Link =>
  ({ response }) =>
    void response.writeHead(code, { 'content-type': 'text/plain', ...headers }).end('Not now.');

/** Everything takes this long, in ms. */
export const slow =
  (ms: number): Link =>
  async passage => {
    await new Promise(resolve => setTimeout(resolve, ms));
    await up(passage);
  };

/** The first request goes this way, the second that, all further ones the last. */
export const inTurn = (...links: Link[]): Link => {
  let at = 0;
  return passage => links[Math.min(at++, links.length - 1)]!(passage);
};

/** Up and down by turns, each for this long, in ms; down is 503, a cut, or a lost answer. */
export const flapping = (ms: number): Link => {
  const begun = Date.now();
  const ways = [status(503, { 'retry-after': '1' }), up, unreachable, up, answerLost, up];
  return passage => ways[Math.floor((Date.now() - begun) / ms) % ways.length]!(passage);
};

/** The ids that an answer says are stored. */
export const acceptedBy = ({ status: code, body }: RelayAnswer): string[] => {
  if (code !== 200) return [];
  try {
    return (JSON.parse(body.toString()) as IngestAnswer).accepted;
  } catch {
    return [];
  }
};
