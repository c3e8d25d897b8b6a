import { randomUUID } from 'node:crypto';
import type { Envelope, V2Event } from '../../../../src/protocol/types';

/** A visitor of our tests, always the same. */
export const visitorA = '11111111-1111-4111-8111-111111111111';
export const visitorB = '22222222-2222-4222-8222-222222222222';

/** An event as the tag stamps it. */
export const eventOf = (id: string, visitor: string = randomUUID(), type = 'pageViewed'): V2Event => ({
  eventTypeKey: type,
  keyValue: visitor,
  params: [
    { name: 'page', value: '{"location":"https://shop.example/"}' },
    { name: 'shoptrailEventId', value: id },
    { name: 'shoptrailAnonymousId', value: visitor },
  ],
});

/** The same of a visitor who is known by email. */
export const knownEventOf = (id: string, visitor: string, email = 'ann@example.com'): V2Event => {
  const event = eventOf(id, visitor);
  return { ...event, keyValue: email, params: [...event.params, { name: 'email', value: email }] };
};

/** The same in the tag's envelope. */
export const envelopeOf = (visitor?: string, type?: string, id: string = randomUUID()): Envelope => ({
  id,
  at: 1_000_000,
  event: eventOf(id, visitor, type),
});

/** The id a v2 body was stamped with. */
export const idOf = (event: V2Event): string =>
  `${event.params?.find(param => param.name === 'shoptrailEventId')?.value}`;
