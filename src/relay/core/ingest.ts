import * as v from 'valibot';
import { checkEvent } from '../../protocol/check-event';
import type { IngestAnswer, V2Event } from '../../protocol/types';
import { correctedAt } from './clock-rule';
import { envelope, faultOf, idRule, ingestRequest } from './ingest-schema';
import type { NewRow } from './outbox';
import { idInside, visitorOf } from './visitor';

/** What a request asks for, checked event by event. */
export interface Ingest {
  /** Fit to be stored. */
  rows: NewRow[];
  /** Ids that may have arrived earlier. */
  have: string[];
  rejected: IngestAnswer['rejected'];
}

/** The event with what v2 has and nothing else, or why it breaks the contract. */
const readEvent = (data: unknown): V2Event | string => {
  try {
    const fault = checkEvent(data);
    if (fault !== undefined) return fault;
    const { eventTypeKey, keyValue, params = [] } = data as Partial<V2Event>;
    return {
      eventTypeKey: eventTypeKey!,
      ...(keyValue != null && { keyValue }),
      params: params.map(({ name, value }) => ({ name, value })),
    };
  } catch {
    // JSON can hold what cannot be made a text: {"toString": 1}. It must not cost the events beside it.
    return 'event: a param has a value that cannot be read';
  }
};

const rowOf = (id: string, at: number, event: V2Event, leaves: (type: string) => boolean): NewRow => ({
  id,
  at,
  type: event.eventTypeKey,
  visitor: visitorOf(event, id),
  body: JSON.stringify(event),
  skip: !leaves(event.eventTypeKey),
});

const ofBareEvent = (data: unknown, now: number, leaves: (type: string) => boolean): Ingest => {
  const event = readEvent(data);
  if (typeof event === 'string') return { rows: [], have: [], rejected: [{ id: '', reason: event }] };
  const inside = idInside(event);
  const id = v.is(idRule, inside) ? inside : crypto.randomUUID();
  return { rows: [rowOf(id, now, event, leaves)], have: [], rejected: [] };
};

/** What can be said about the id of an item that is not as it should be. */
const idOf = (item: unknown): string => {
  const id = (item as { id?: unknown } | null)?.id;
  return typeof id === 'string' ? id.slice(0, 64) : '';
};

/**
 * Reads the parsed body of `POST {base}/v2/event`: the tag's batch, or one bare v2 event of a server, whose id is its
 * param shoptrailEventId or made here. A text is the reason why the whole request is refused.
 */
export const readIngest = (
  data: unknown,
  now: number,
  leaves: (type: string) => boolean,
): Ingest | string => {
  if (typeof data === 'object' && data && 'eventTypeKey' in data && !('events' in data)) {
    return ofBareEvent(data, now, leaves);
  }
  const request = v.safeParse(ingestRequest, data);
  if (!request.success) return faultOf(request.issues, 'body');
  const { events, have, sentAt } = request.output;
  const ingest: Ingest = { rows: [], have, rejected: [] };
  for (const item of events) {
    const read = v.safeParse(envelope, item);
    const event = read.success ? readEvent(read.output.event) : faultOf(read.issues, 'envelope');
    if (typeof event === 'string') ingest.rejected.push({ id: idOf(item), reason: event });
    else if (read.success) {
      const { id, at = now } = read.output;
      ingest.rows.push(rowOf(id, correctedAt(at, sentAt, now), event, leaves));
    }
  }
  return ingest;
};
