import type { Param, V2Event } from '../../protocol/types';
import type { Locators } from './outbox';

/** Names as the platform compares them: without case; `contact_id` is `contactId` (peers.md D2). */
const plain = (name: string) => name.toLowerCase().replaceAll('_', '');

/** A stored subscription, as far as it names somebody. */
interface Subscription {
  contact?: { channels?: { type: string; value: string }[]; externalCustomerId?: string };
}

const holds = (data: unknown, matches: (text: string) => boolean): boolean => {
  if (typeof data === 'string' || typeof data === 'number') return matches(`${data}`);
  return (
    typeof data === 'object' && data !== null && Object.values(data).some(value => holds(value, matches))
  );
};

/** What a subscription says of a person, as params would say it. */
const paramsOf = ({ contact = {} }: Subscription): Param[] => [
  ...(contact.channels ?? []).map(({ type, value }) => ({ name: type === 'sms' ? 'phone' : type, value })),
  { name: 'externalCustomerId', value: contact.externalCustomerId },
];

/**
 * Whether a stored event or subscription speaks of this person: by its keyValue or the param of that name. An email address or phone
 * number is found wherever it stands; an id is not, because a `5` elsewhere may be a quantity.
 */
export const holdsLocator = (event: V2Event | Subscription, locators: Locators): boolean => {
  const isEvent = 'params' in event;
  const params = isEvent ? event.params : paramsOf(event);
  return Object.entries(locators).some(([name, wanted]) => {
    const isEmail = plain(name) === 'email';
    // Email addresses are compared without case, everything else as it stands (peers.md D2).
    const matches = (found: string) =>
      isEmail ? found.toLowerCase() === wanted.toLowerCase() : found === wanted;
    if (isEvent && holds(event.keyValue, matches)) return true;
    if (isEmail || plain(name) === 'phone') return holds(params, matches);
    return params.some(param => plain(param.name) === plain(name) && holds(param.value, matches));
  });
};
