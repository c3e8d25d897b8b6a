import { keyOf } from './locators';
import { event as limits, locatorParams, ownParams } from './rules.json';
import { byteLength } from './size';
import type { EventRecord, Param, Person, V2Event } from './types';

/**
 * The v2 body of a tracked event, made when it leaves: the person known by then first, in the order of seed 000, then
 * the event's own params, then the two that the tag adds.
 */
export const toBody = (record: Omit<EventRecord, 'at'>, person: Person = {}): V2Event => ({
  eventTypeKey: record.eventTypeKey,
  keyValue: keyOf(person) ?? record.anonymousId,
  params: [
    ...locatorParams.flatMap(name => {
      const value = person[name as keyof Person];
      return value ? [{ name, value }] : [];
    }),
    ...record.params,
    { name: ownParams[0]!, value: record.id },
    { name: ownParams[1]!, value: record.anonymousId },
  ],
});

/** How many bytes the JSON of a value has over a limit. */
const excess = (value: unknown, limit: number) => {
  const text = JSON.stringify(value);
  // No UTF-16 unit takes more than three bytes: most events need not be encoded to be known to fit.
  return text.length * 3 > limit ? byteLength(text) - limit : 0;
};

/** Bytes that an event's own content may have: the rest is reserved for stamp and identity. */
const MOST_BYTES = limits.maxBytes - limits.reservedBytes;

/** Why an event is too large even before anyone is known, or undefined. */
export const faultOfSize = (eventTypeKey: string, params: Param[]): string | undefined => {
  const over = excess({ eventTypeKey, params }, MOST_BYTES);
  return over > 0 ? `event: ${over} bytes over the ${MOST_BYTES} it may have` : undefined;
};

/** Whether what this person adds to every event fits into the bytes that are reserved for it. */
export const fitsReserve = (person: Person): boolean => {
  const id = '0'.repeat(36);
  const stamp = toBody({ id, anonymousId: id, eventTypeKey: '', params: [] }, person);
  return excess(stamp, limits.reservedBytes) <= 0;
};
