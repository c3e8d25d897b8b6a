import type { HonoRequest } from 'hono';
import { nestsDeeper } from './json-depth';

/** A request that is refused whole, with the status and a sentence for whoever sent it. */
export interface Refusal {
  status: 400 | 413 | 415;
  reason: 'type' | 'size' | 'body';
  error: string;
}

/** The limits of a request's body. */
export interface BodyLimits {
  /** Default 524,288 bytes: some twenty-six events of the largest size, or five hundred usual ones. */
  maxBytes?: number;
  /** How deep the JSON may nest. Default 64; the platform itself uses two levels inside a param. */
  maxDepth?: number;
}

const readAtMost = async (request: HonoRequest, maxBytes: number): Promise<string | undefined> => {
  const declared = request.header('content-length');
  // The host holds the sender to a declared length, so it needs no counting.
  if (declared !== undefined && !request.header('transfer-encoding')) {
    // Of the raw request: Hono's own would keep the text for as long as the request takes.
    return Number(declared) > maxBytes ? undefined : request.raw.text();
  }
  const reader = request.raw.body?.getReader();
  if (!reader) return '';
  const decoder = new TextDecoder();
  let text = '';
  for (let size = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.length;
    if (size > maxBytes) {
      await reader.cancel();
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
};

const refuse = (status: Refusal['status'], reason: Refusal['reason'], error: string, size = 0) => ({
  refusal: { status, reason, error },
  size,
});

/** Reads a JSON body within its limits: the parsed data, or why it is refused; and how many characters were read. */
export const readBody = async (
  request: HonoRequest,
  { maxBytes = 512 * 1024, maxDepth = 64 }: BodyLimits = {},
): Promise<({ data: unknown } | { refusal: Refusal }) & { size: number }> => {
  const type = request.header('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/json' && type !== 'text/plain') {
    return refuse(415, 'type', 'content-type: expected application/json or text/plain');
  }
  if ((request.header('content-encoding') ?? 'identity') !== 'identity') {
    return refuse(415, 'type', 'content-encoding: send the body as it is');
  }
  let text: string | undefined;
  try {
    text = await readAtMost(request, maxBytes);
  } catch {
    // Who sent it has gone away: no trouble of ours.
    return refuse(400, 'body', 'body: broken off');
  }
  if (text === undefined) return refuse(413, 'size', `body: at most ${maxBytes} bytes are taken`);
  const size = text.length;
  if (nestsDeeper(text, maxDepth))
    return refuse(400, 'body', `body: at most ${maxDepth} levels of JSON`, size);
  try {
    return { data: JSON.parse(text), size };
  } catch {
    return refuse(400, 'body', 'body: expected JSON', size);
  }
};
