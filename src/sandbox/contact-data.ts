/** The checks of a contact's data: param `contactJson` of an event, and the subscription. */
import type { Param } from '../protocol/types';
import { isEmail, phoneDigits } from './locators';
import { isObject } from './values';

/** "The name and surname length is up to 60 characters" (seed 003). */
const MAX_NAME = 60;

/** A field of a contact that is not valid, and what is wrong with it. The value is never repeated. */
export interface BadField {
  field: string;
  problem: string;
}

const isText = (value: unknown): value is string => typeof value === 'string';

function name(value: unknown): string | undefined {
  if (!isText(value)) return 'must be a string';
  return value.length > MAX_NAME ? `is longer than ${MAX_NAME} characters` : undefined;
}

function phone(value: unknown): string | undefined {
  const given = typeof value === 'number' ? String(value) : value;
  return isText(given) && phoneDigits(given)
    ? undefined
    : 'must be a phone number in the international format';
}

function email(value: unknown): string | undefined {
  return isText(value) && isEmail(value) ? undefined : 'must be an email address';
}

function string(value: unknown): string | undefined {
  return isText(value) ? undefined : 'must be a string';
}

function flag(value: unknown): string | undefined {
  return typeof value === 'boolean' ? undefined : 'must be true or false';
}

function timeZone(value: unknown): string | undefined {
  if (!isText(value)) return 'must be a string';
  // The seed writes "Etc/GMT+03"; the database of time zones calls it Etc/GMT+3.
  const name = value.replace(/^(Etc\/GMT[+-])0(\d)$/, '$1$2');
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return undefined;
  } catch {
    return 'must be the name of a time zone, as Etc/GMT+03';
  }
}

function language(value: unknown): string | undefined {
  return isText(value) && /^[a-z]{2,3}([-_][a-z0-9]{2,8})*$/i.test(value)
    ? undefined
    : 'must be a language code, as uk';
}

/** Additional fields: a list of `{"profileInputId", "value"}`. Their own formats are an account's, so they stay unchecked. */
function profileInputs(value: unknown): string | undefined {
  if (!Array.isArray(value)) return 'must be an array';
  for (const [index, input] of value.entries()) {
    const id = isObject(input) ? input.profileInputId : undefined;
    if (!/^\d+$/.test(String(id ?? ''))) return `[${index}].profileInputId must be a number`;
    if (!('value' in (input as object))) return `[${index}].value is required`;
  }
  return undefined;
}

/** The fields that seeds 001 and 003 show, found without case (`firstname` and `firstName` are both in use). */
const FIELDS: Record<string, (value: unknown) => string | undefined> = {
  firstname: name,
  lastname: name,
  sms: phone,
  phone,
  email,
  town: string,
  region: string,
  address: string,
  postcode: string,
  timezone: timeZone,
  languagecode: language,
  profileinputs: profileInputs,
  confirmed: flag,
};

/** All bad fields of a contact's data; unknown fields and nulls are let through. */
export function badContactFields(data: Record<string, unknown>): BadField[] {
  return Object.entries(data).flatMap(([field, value]) => {
    const lower = field.toLowerCase();
    if (value === null || !Object.hasOwn(FIELDS, lower)) return [];
    const problem = FIELDS[lower]!(value);
    return problem ? [{ field, problem }] : [];
  });
}

/** Bad fields as one sentence of a 400. */
export function describeBadFields(bad: BadField[]): string {
  return bad
    .map(({ field, problem }) => `${field}${problem.startsWith('[') ? '' : ' '}${problem}`)
    .join('; ');
}

/**
 * "To validate contact data in events, you have to set contactJson in params" (seed 003): JSON text in a string, or the
 * object itself, since version 2 needs no escaping. It is only checked: the workflow writes it into a contact, not the event.
 *
 * @returns the sentence of the 400 with every bad field, or undefined.
 */
export function checkContactJson(params: Param[]): string | undefined {
  const param = params.find(({ name }) => name === 'contactJson');
  if (!param) return undefined;
  let data = param.value;
  if (typeof data === 'string') {
    try {
      data = JSON.parse(data);
    } catch {
      return 'contactJson cannot be read as JSON';
    }
  }
  if (!isObject(data)) return 'contactJson must hold a JSON object';
  const bad = badContactFields(data);
  return bad.length > 0 ? `contactJson is not valid: ${describeBadFields(bad)}` : undefined;
}
