import { keyValue } from '../../protocol/rules.json';
import type { V2Event } from '../../protocol/types';

/**
 * Whose event it is: the anonymous id the tag stamped it with, else its keyValue, else nobody's in particular
 * (`otherwise`). Events of one visitor leave in their order. Without U+0000: SQLite's text ends there when it is read,
 * and what is not found again by its visitor would never leave. No longer than a key may be: it is kept with each row and
 * in the rate limits.
 */
export const visitorOf = (event: V2Event, otherwise: string): string => {
  const stamp = event.params.find(param => param.name === 'shoptrailAnonymousId')?.value;
  const key = typeof stamp === 'string' && stamp ? stamp : event.keyValue || otherwise;
  return key.replaceAll('\0', '').slice(0, keyValue.max) || otherwise;
};

/** The id that a tag or server put into the event itself, when it did. */
export const idInside = (event: V2Event): string | undefined => {
  const id = event.params.find(param => param.name === 'shoptrailEventId')?.value;
  return typeof id === 'string' ? id : undefined;
};
