import type { Param, V2Event } from '../../protocol/types';
import { nestsDeeper } from './json-depth';
import type { Locators } from './outbox';

/** Names as the platform compares them: without case; `contact_id` is `contactId` (peers.md D2). */
const plain = (name: string) => name.toLowerCase().replaceAll('_', '');

/** A stored subscription, as far as it names somebody. */
interface Subscription {
  contact?: { channels?: { type: string; value: string }[]; externalCustomerId?: string };
}

/** What a text holds when it is JSON itself, such as `contactJson` of seed 003. */
const dataIn = (text: string): unknown => {
  // What nests deeper would overflow the stack, and the platform itself uses few levels.
  if (!/^\s*[[{"]/.test(text) || nestsDeeper(text, 64)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const holds = (data: unknown, matches: (text: string) => boolean): boolean => {
  if (typeof data === 'number') return matches(`${data}`);
  if (typeof data === 'string') return matches(data) || holds(dataIn(data), matches);
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
 * The longest part of a locator that every body has that holds it, in whatever case, unless the body has a character
 * written as a number (`\u0456`). Letters beyond ASCII may stand there in another case, and quotes and slashes escaped.
 */
export const surePart = (locator: string): string =>
  locator.split(/[^ -~]|["\\/]/).reduce((longest, part) => (part.length > longest.length ? part : longest));

/**
 * Whether a stored event or subscription speaks of this person: by its keyValue or the param of that name. An email address or phone
 * number is found wherever it stands, in JSON text too; an id is not, because a `5` elsewhere may be a quantity.
 */
export const holdsLocator = (event: V2Event | Subscription, locators: Locators): boolean => {
  const isEvent = 'params' in event;
  const params = isEvent ? event.params : paramsOf(event);
  return Object.entries(locators).some(([name, wanted]) => {
    const isEmail = plain(name) === 'email';
    // Email addresses are compared without case, everything else as it stands (peers.md D2).
    const matches = (found: string) =>
      isEmail ? found.toLowerCase() === wanted.toLowerCase() : found === wanted;
    if (isEmail || plain(name) === 'phone') return holds(event, matches);
    if (isEvent && holds(event.keyValue, matches)) return true;
    return params.some(param => plain(param.name) === plain(name) && holds(param.value, matches));
  });
};
