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

const sizeOf = (body: unknown) => byteLength(JSON.stringify(body));

/** Why an event is too large even before anyone is known, or undefined. What is reserved is for stamp and identity. */
export const faultOfSize = (eventTypeKey: string, params: Param[]): string | undefined => {
  const left = limits.maxBytes - limits.reservedBytes - sizeOf({ eventTypeKey, params });
  return left < 0
    ? `event: ${-left} bytes over the ${limits.maxBytes - limits.reservedBytes} it may have`
    : undefined;
};

/** Whether what this person adds to every event fits into the bytes that are reserved for it. */
export const fitsReserve = (person: Person): boolean => {
  const id = '0'.repeat(36);
  return sizeOf(toBody({ id, anonymousId: id, eventTypeKey: '', params: [] }, person)) < limits.reservedBytes;
};
