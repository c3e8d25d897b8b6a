/** Ends a connection in ways that no Response can. Needs the Node server; without one the answer is a network error. */
import type { Socket } from 'node:net';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';

/** What the Node server passes along with a request. Absent when the app is called as a plain fetch handler. */
export interface Bindings {
  incoming?: { socket: Socket };
}

/** Destroys the socket: the client sees a connection that closed without an answer. */
export function cut(env: Bindings | undefined): Response {
  const socket = env?.incoming?.socket;
  if (!socket) return Response.error();
  socket.destroy();
  return RESPONSE_ALREADY_SENT;
}

/** Sends the beginning of a 200 whose body never becomes complete, then destroys the socket. */
export function truncate(env: Bindings | undefined): Response {
  const socket = env?.incoming?.socket;
  if (!socket) return Response.error();
  const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 64\r\n\r\n';
  socket.write(`${head}{"accep`, () => socket.destroy());
  return RESPONSE_ALREADY_SENT;
}
