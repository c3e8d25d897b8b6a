/** Who an event speaks of: the locators among its params. */
import type { Param } from '../protocol/types';

/** The five locators of seed 003, in the order in which the platform takes the first present one as the key (docs). */
export const LOCATORS = ['contactId', 'externalCustomerId', 'email', 'phone', 'pushToken'] as const;

export type LocatorName = (typeof LOCATORS)[number];

/** Locators in the form in which contacts are compared: addresses in small letters, phones as digits. */
export type Locators = { [Name in LocatorName]?: string };

/** Names are compared without case: `Email` and `ContactId` count (docs). */
const BY_LOWER_CASE = new Map(LOCATORS.map(name => [name.toLowerCase(), name]));

/** The text of a param's value: a string or a number. Undefined for anything else, which identifies nobody. */
export function paramText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : undefined;
}

/** The locator params that are present, as sent. Blank ones, and an externalCustomerId of "null", count as absent (seed 003). */
export function usableLocators(params: Param[]): { name: LocatorName; text: string }[] {
  return params.flatMap(param => {
    const name = BY_LOWER_CASE.get(param.name.toLowerCase());
    const text = paramText(param.value);
    if (!name || text === undefined || text.trim() === '') return [];
    if (name === 'externalCustomerId' && text.trim() === 'null') return [];
    return [{ name, text }];
  });
}

/** The key of an event that gives none: its first present locator by rank, not by position. Undefined when there is none. */
export function keyLocator(params: Param[]): string | undefined {
  const present = usableLocators(params);
  for (const name of LOCATORS) {
    const found = present.find(locator => locator.name === name);
    if (found) return found.text;
  }
  return undefined;
}

/** The locators of an event, ready to be compared with contacts; one that no contact could have is left out. */
export function locatorsOf(params: Param[]): Locators {
  const locators: Locators = {};
  for (const { name, text } of usableLocators(params)) locators[name] ??= comparable(name, text);
  return locators;
}

/**
 * The app's device that an event speaks of. It names nobody: seed 003 has five locators, and this is none of them. No seed
 * says under which name it comes (the platform's SDK sends it); the sandbox takes the param `deviceId`.
 */
export function deviceOf(params: Param[]): string | undefined {
  const param = params.find(({ name }) => name.toLowerCase() === 'deviceid');
  return paramText(param?.value)?.trim() || undefined;
}

/** A locator in the form in which it is stored and compared, or undefined when it cannot be one. */
export function comparable(name: LocatorName, text: string): string | undefined {
  if (name === 'email') return isEmail(text) ? text.trim().toLowerCase() : undefined;
  if (name === 'phone') return phoneDigits(text);
  return text.trim() || undefined;
}

/** Whether a text has the shape of an address: something, one @, a name with a dot. */
export function isEmail(text: string): boolean {
  return text.trim().length <= 254 && /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(text.trim());
}

/**
 * The digits of a phone in the international format (seed 003: "For example, +1-541-754-3010"), or undefined when it is
 * none. 7 to 15 digits (E.164), spaces, dots, dashes and brackets between them; the + may be left out, as in seed 000.
 */
export function phoneDigits(text: string): string | undefined {
  if (!/^\+?[\d\s().-]+$/.test(text.trim())) return undefined;
  const digits = text.replace(/\D/g, '');
  return /^[1-9]\d{6,14}$/.test(digits) ? digits : undefined;
}
