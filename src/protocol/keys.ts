import { eventTypeKey, forbidden, keyValue } from './rules.json';

/** Whether a text keeps the character rule of eventTypeKey and keyValue (seed 003). */
export const fits = (text: unknown, max: number = keyValue.max): text is string => {
  if (typeof text !== 'string' || !text || text.length > max) return false;
  for (const each of text) if (forbidden.includes(each)) return false;
  return true;
};

/** Why this is no eventTypeKey, or undefined when it is one. */
export const faultOfKey = (key: unknown): string | undefined =>
  fits(key, eventTypeKey.max)
    ? undefined
    : `eventTypeKey: expected 1 to ${eventTypeKey.max} characters, none of ${forbidden}`;
