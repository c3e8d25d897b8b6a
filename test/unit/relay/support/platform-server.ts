import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { V2Event } from '../../../../src/protocol/types';
import { idOf } from './events';

/** What the stand-in answers: a status with headers and text, or a dropped socket, or never anything. */
export type Answer = { status: number; headers?: Record<string, string>; text?: string } | 'drop' | 'silence';

export interface Received {
  /** The event, or the first one of a batch. */
  event: V2Event;
  id: string;
  /** The ids of all its events. */
  ids: string[];
  /** The events of a batch of past events. */
  past: (V2Event & { occurred: string })[];
  /** The body as it came. */
  text: string;
  method: string;
  path: string;
  /** When it came, in ms since 1970. */
  at: number;
  headers: IncomingHttpHeaders;
  /** How many requests were open when this one came, itself included. */
  open: number;
}

/**
 * A platform on a free port that keeps what it got and answers as told. `answer` may be replaced at any time; it sees
 * each request after it was kept, and may take its time.
 */
export const startPlatformServer = async (port = 0) => {
  const received: Received[] = [];
  let open = 0;
  const platform = {
    url: '',
    port: 0,
    received,
    /** How often each id came. */
    times: (id: string) => received.filter(one => one.ids.includes(id)).length,
    answer: (async () => ({ status: 200 })) as (one: Received, at: number) => Answer | Promise<Answer>,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    open++;
    const body = JSON.parse(text);
    const past = (body.events ?? []) as Received['past'];
    const event = (past[0] ?? body) as V2Event;
    const one = {
      event,
      id: idOf(event),
      ids: past.length ? past.map(idOf) : [idOf(event)],
      past,
      text,
      method: request.method!,
      path: request.url!,
      at: Date.now(),
      headers: request.headers,
      open,
    };
    received.push(one);
    const answer = await platform.answer(one, received.length - 1);
    open--;
    if (answer === 'drop') response.destroy();
    else if (answer !== 'silence') response.writeHead(answer.status, answer.headers).end(answer.text);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  platform.port = (server.address() as AddressInfo).port;
  platform.url = `http://127.0.0.1:${platform.port}/api`;
  return platform;
};
