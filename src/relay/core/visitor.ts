import type { V2Event } from '../../protocol/types';

/**
 * Whose event it is: the anonymous id the tag stamped it with, else its keyValue, else nobody's in particular
 * (`otherwise`). Events of one visitor leave in their order.
 */
export const visitorOf = (event: V2Event, otherwise: string): string => {
  const stamp = event.params.find(param => param.name === 'shoptrailAnonymousId')?.value;
  return typeof stamp === 'string' && stamp ? stamp : event.keyValue || otherwise;
};

/** The id that a tag or server put into the event itself, when it did. */
export const idInside = (event: V2Event): string | undefined => {
  const id = event.params.find(param => param.name === 'shoptrailEventId')?.value;
  return typeof id === 'string' ? id : undefined;
};
