import * as v from 'valibot';
import { checkEvent } from '../../protocol/check-event';
import { hasLocator, isLocator } from '../../protocol/locators';
import type { IngestAnswer, Param, V2Event } from '../../protocol/types';
import { correctedAt } from './clock-rule';
import { envelope, faultOf, idRule, ingestRequest, lostDigits } from './ingest-schema';
import type { NewRow } from './outbox';
import { idInside, visitorOf } from './visitor';

/** What a request asks for, checked event by event. */
export interface Ingest {
  /** Fit to be stored. */
  rows: NewRow[];
  /** Ids that may have arrived earlier. */
  have: string[];
  /** Ids of the same page that were on their way when these left: they go first. */
  after: string[];
  rejected: IngestAnswer['rejected'];
}

/** What decides which way an event goes. */
export interface IngestRules {
  /** Whether events of this type are forwarded. */
  leaves: (type: string) => boolean;
  /** A held event that is older than this goes to past events, in ms. */
  freshFor: number;
  /** How long history waits before it is sent, in ms: the contact must exist first. */
  historyDelay: number;
}

/** Why a locator may not be what was sent: JSON's long numbers lose their last digits here, and then name somebody else. */
const faultOfLocators = (params: Param[]): string | undefined => {
  const at = params.findIndex(
    ({ name, value }) => isLocator(name) && typeof value === 'number' && !Number.isSafeInteger(value),
  );
  return at < 0 ? undefined : `params[${at}].value: ${lostDigits}`;
};

/** The event with what v2 has and nothing else, or why it breaks the contract. */
const readEvent = (data: unknown): V2Event | string => {
  try {
    const fault = checkEvent(data);
    if (fault !== undefined) return fault;
    const { eventTypeKey, keyValue, params = [] } = data as Partial<V2Event>;
    const lost = faultOfLocators(params);
    if (lost !== undefined) return lost;
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

const rowOf = (id: string, at: number, event: V2Event, { leaves }: IngestRules): NewRow => ({
  id,
  at,
  type: event.eventTypeKey,
  visitor: visitorOf(event, id),
  body: JSON.stringify(event),
  skip: !leaves(event.eventTypeKey),
});

/** A held event that is not fresh any more is history, if it names a person: past events are for known contacts only. */
const heldRow = (row: NewRow, event: V2Event, now: number, rules: IngestRules): NewRow =>
  now - row.at > rules.freshFor && hasLocator(event.params)
    ? { ...row, lane: 'history', due: now + rules.historyDelay }
    : row;

const ofBareEvent = (data: unknown, now: number, rules: IngestRules): Ingest => {
  const event = readEvent(data);
  if (typeof event === 'string')
    return { rows: [], have: [], after: [], rejected: [{ id: '', reason: event }] };
  const inside = idInside(event);
  const id = v.is(idRule, inside) ? inside : crypto.randomUUID();
  return { rows: [rowOf(id, now, event, rules)], have: [], after: [], rejected: [] };
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
export const readIngest = (data: unknown, now: number, rules: IngestRules): Ingest | string => {
  if (typeof data === 'object' && data && 'eventTypeKey' in data && !('events' in data)) {
    return ofBareEvent(data, now, rules);
  }
  const request = v.safeParse(ingestRequest, data);
  if (!request.success) return faultOf(request.issues, 'body');
  const { events, have, after, sentAt } = request.output;
  const ingest: Ingest = { rows: [], have, after, rejected: [] };
  for (const item of events) {
    const read = v.safeParse(envelope, item);
    const event = read.success ? readEvent(read.output.event) : faultOf(read.issues, 'envelope');
    if (typeof event === 'string') ingest.rejected.push({ id: idOf(item), reason: event });
    else if (read.success) {
      const { id, at = now, held } = read.output;
      const row = rowOf(id, correctedAt(at, sentAt, now), event, rules);
      ingest.rows.push(held ? heldRow(row, event, now, rules) : row);
    }
  }
  return ingest;
};
