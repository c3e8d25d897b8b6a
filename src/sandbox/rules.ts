/** What the platform takes in an event, written anew from the seeds and not from the code that is tested against it. */
import type { Param, V2Event } from '../protocol/types';
import { checkContactJson } from './contact-data';
import { keyLocator, paramText, usableLocators } from './locators';
import { checkSiteEvent } from './site-events';
import { isObject, isTooDeep, MAX_DEPTH } from './values';

/** How locator params that break the character rule are met. The documents leave it open, so both can be tried. */
export type LocatorRule = 'strict' | 'lenient';

/** The verdict on an event: the event as it will be stored, or the sentence of the 400. */
export type EventCheck = { event: V2Event; key: string } | { reason: string };

/** "The maximum size of content for events sent in the request body is 20 kilobytes" (seed 003), read strictly. */
export const MAX_EVENT_BYTES = 20_000;

/** Seed 003: "All characters are allowed except < ; ’ \ / | " ` ' ^ ? ! , >", for eventTypeKey and keyValue. */
const FORBIDDEN = ['<', ';', '’', '\\', '/', '|', '"', '`', "'", '^', '?', '!', ',', '>'];

const MAX_EVENT_TYPE_KEY = 100;
const MAX_KEY_VALUE = 300;
const MAX_PARAM_NAME = 100;

/** Why a text cannot be a key of at most `max` characters (UTF-16 units, the strictest reading), or undefined when it can. */
export function checkKey(what: string, text: string, max: number): string | undefined {
  const { length } = text;
  if (length === 0) return `${what} is empty: it needs 1 to ${max} characters`;
  if (length > max) return `${what} has ${length} characters: at most ${max} are allowed`;
  const bad = FORBIDDEN.find(character => text.includes(character));
  if (bad) return `${what} contains the character ${bad} which is not allowed`;
  return undefined;
}

/**
 * Checks one event as `POST /api/v2/event` and `POST /api/v1/past_events` take it. The size is checked by the caller,
 * who has the bytes.
 *
 * @returns the event and its key (the given keyValue, or the first locator among the params), or a reason in plain
 * text that names the field and never what was sent: even a name may be a customer's address.
 */
export function checkEvent(body: unknown, locators: LocatorRule): EventCheck {
  if (!isObject(body)) return { reason: 'The event must be a JSON object' };
  if (isTooDeep(body)) return { reason: `The event is nested more than ${MAX_DEPTH} levels deep` };

  const { eventTypeKey, keyValue } = body;
  if (typeof eventTypeKey !== 'string') return { reason: 'eventTypeKey is required and must be a string' };
  const badType = checkKey('eventTypeKey', eventTypeKey, MAX_EVENT_TYPE_KEY);
  if (badType) return { reason: badType };

  if (keyValue !== undefined) {
    if (typeof keyValue !== 'string') return { reason: 'keyValue must be a string' };
    const badKey = checkKey('keyValue', keyValue, MAX_KEY_VALUE);
    if (badKey) return { reason: badKey };
  }

  const checked = checkParams(body.params);
  if ('reason' in checked) return checked;
  const { params } = checked;

  const key = keyValue ?? keyLocator(params);
  if (key === undefined) {
    return {
      reason:
        'The event has no key: give keyValue, or one of contactId, externalCustomerId, email, phone, pushToken in params',
    };
  }
  if (locators === 'strict') {
    for (const { name, text } of usableLocators(params)) {
      const bad = checkKey(`The value of param ${name}`, text, MAX_KEY_VALUE);
      if (bad) return { reason: bad };
    }
  }

  const bad = checkSiteEvent(eventTypeKey, params) ?? checkContactJson(params);
  if (bad) return { reason: bad };
  const event: V2Event = { eventTypeKey, params };
  if (keyValue !== undefined) event.keyValue = keyValue;
  return { event, key };
}

/** `params`: a list of name and value; names unique, at most 100 characters. The list itself may be left out or empty. */
function checkParams(params: unknown = []): { params: Param[] } | { reason: string } {
  if (!Array.isArray(params)) return { reason: 'params must be an array of {"name", "value"} pairs' };
  const names = new Set<string>();
  for (const [index, param] of params.entries()) {
    if (!isObject(param)) return { reason: `params[${index}] must be an object with name and value` };
    const { name } = param;
    if (typeof name !== 'string' || name === '') return { reason: `params[${index}].name must be a string` };
    if (name.length > MAX_PARAM_NAME) {
      return {
        reason: `params[${index}].name has ${name.length} characters: at most ${MAX_PARAM_NAME} are allowed`,
      };
    }
    if (!('value' in param)) return { reason: `params[${index}] has no value` };
    if (names.has(name)) return { reason: `params[${index}].name is given twice: names must be unique` };
    names.add(name);
  }
  return { params: params as Param[] };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The tag's own params, found by their exact names: the event's id, and the cookie id of the visitor. */
export function stamps(params: Param[]): { eventId: string | null; cookieId: string | null } {
  const text = (name: string) => paramText(params.find(param => param.name === name)?.value) ?? null;
  return { eventId: text('shoptrailEventId'), cookieId: text('shoptrailAnonymousId') };
}

/**
 * Whether nobody is named: the key is a cookie id (a uuid that is also the event's `shoptrailAnonymousId`) and there is
 * no locator among the params. Such an event belongs to no contact.
 */
export function isAnonymous(key: string, params: Param[]): boolean {
  return UUID.test(key) && key === stamps(params).cookieId && usableLocators(params).length === 0;
}
