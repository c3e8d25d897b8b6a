import { paramValue } from '../../protocol/locators';
import { toPerson } from '../../protocol/person';
import { keyValue, locators } from '../../protocol/rules.json';
import type { Param, Person, V2Event } from '../../protocol/types';

/** Without U+0000: SQLite's text ends there when it is read, and what is not found again by its visitor would never leave. */
const bounded = (text: string) => text.replaceAll('\0', '').slice(0, keyValue.max);

/**
 * The strongest locator of the params, with its name, so that contact 5 is not customer 5. Spelt as `identify()` spells
 * it, because servers spell one person in several ways.
 */
const locatorOf = (params: Param[]): string | undefined => {
  const told: Record<string, string> = {};
  for (const name of locators as (keyof Person)[]) {
    const value = paramValue(params, name);
    // Bounded before it is read: an email of 20,000 characters can take its rule long.
    if (value !== undefined) told[name] = bounded(`${value}`);
  }
  const { person, hopeless } = toPerson(told);
  const found = (locators as (keyof Person)[]).find(name => person[name] || hopeless.includes(name));
  // What has no right spelling is still somebody's.
  const text = found && (person[found] ?? told[found]);
  return text && `${found}:${found === 'email' ? text.toLowerCase() : text}`;
};

/**
 * Whose event it is: the anonymous id the tag stamped it with, else its keyValue, else the strongest locator in its params,
 * else nobody's in particular (`otherwise`). Events of one visitor leave in their order. No longer than a key may be: it is
 * kept with each row and in the rate limits.
 */
export const visitorOf = (event: V2Event, otherwise: string): string => {
  const stamp = event.params.find(param => param.name === 'shoptrailAnonymousId')?.value;
  const key = typeof stamp === 'string' && stamp ? stamp : event.keyValue || locatorOf(event.params);
  return bounded(key ?? '') || otherwise;
};

/** The id that a tag or server put into the event itself, when it did. */
export const idInside = (event: V2Event): string | undefined => {
  const id = event.params.find(param => param.name === 'shoptrailEventId')?.value;
  return typeof id === 'string' ? id : undefined;
};
