/** `POST /api/v1/contact/subscribe`: the newsletter form (seed 001). */
import { badContactFields, describeBadFields } from './contact-data';
import { comparable, isEmail, type Locators, phoneDigits } from './locators';
import { checkKey } from './rules';
import type { ContactData, Store } from './store';
import { isObject } from './values';

/** A subscription as it was understood. */
export interface Subscription {
  locators: Locators;
  /** The address as it was sent: it becomes EmailAddress of the event. */
  email: string | undefined;
  data: Partial<ContactData>;
  groups: string[];
  formType: string | undefined;
}

/** Reads the body, or says in a sentence why it cannot be taken. */
export function readSubscription(body: unknown): { subscription: Subscription } | { reason: string } {
  if (!isObject(body) || !isObject(body.contact))
    return { reason: 'contact is required and must be an object' };
  const { contact, groups = [], formType = undefined } = body as Record<string, unknown>;
  const given = contact as Record<string, unknown>;

  const bad = badContactFields({
    firstName: given.firstName ?? null,
    lastName: given.lastName ?? null,
  });
  if (bad.length > 0) return { reason: `The contact is not valid: ${describeBadFields(bad)}` };

  const subscription: Subscription = {
    locators: {},
    email: undefined,
    data: {},
    groups: [],
    formType: undefined,
  };
  const reason =
    readChannels(given.channels ?? [], subscription) ??
    readExternalId(given.externalCustomerId, subscription) ??
    readDetails(given, subscription);
  if (reason) return { reason };
  if (Object.keys(subscription.locators).length === 0) {
    return { reason: 'The contact needs a channel of type email or sms, or an externalCustomerId' };
  }

  if (!Array.isArray(groups) || !groups.every(group => typeof group === 'string')) {
    return { reason: 'groups must be an array of group names' };
  }
  subscription.groups = groups;
  if (formType !== undefined && formType !== null) {
    if (typeof formType !== 'string') return { reason: 'formType must be a string' };
    const badForm = formType === '' ? undefined : checkKey('formType', formType, 70);
    if (badForm) return { reason: badForm };
    subscription.formType = formType || undefined;
  }
  return { subscription };
}

function readChannels(channels: unknown, into: Subscription): string | undefined {
  if (!Array.isArray(channels)) return 'contact.channels must be an array of {"type", "value"}';
  for (const [index, channel] of channels.entries()) {
    const where = `contact.channels[${index}]`;
    const { type, value } = isObject(channel) ? channel : {};
    const text = typeof value === 'number' ? String(value) : value;
    if (type !== 'email' && type !== 'sms') return `${where}.type must be email or sms`;
    if (typeof text !== 'string') return `${where}.value must be a string`;
    if (type === 'email') {
      if (!isEmail(text)) return `${where}.value must be an email address`;
      into.email ??= text.trim();
      into.locators.email ??= text.trim().toLowerCase();
    } else {
      const digits = phoneDigits(text);
      if (!digits) return `${where}.value must be a phone number in the international format`;
      into.locators.phone ??= digits;
    }
  }
  return undefined;
}

function readExternalId(value: unknown, into: Subscription): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' && typeof value !== 'number') {
    return 'contact.externalCustomerId must be a string';
  }
  const id = comparable('externalCustomerId', String(value));
  if (id !== undefined && id !== 'null') into.locators.externalCustomerId = id;
  return undefined;
}

function readDetails(contact: Record<string, unknown>, into: Subscription): string | undefined {
  const { firstName, lastName, address, fields } = contact;
  if (typeof firstName === 'string') into.data.firstName = firstName;
  if (typeof lastName === 'string') into.data.lastName = lastName;
  if (address !== undefined && address !== null) {
    if (!isObject(address)) return 'contact.address must be an object';
    into.data.address = address;
  }
  if (fields !== undefined && fields !== null) {
    const isField = (field: unknown) => isObject(field) && /^\d+$/.test(String(field.id));
    if (!Array.isArray(fields) || !fields.every(isField)) {
      return 'contact.fields must be an array of {"id", "value"} with numeric ids';
    }
    into.data.fields = fields;
  }
  return undefined;
}

/**
 * Adds or updates the contact. It is found by externalCustomerId, then email, then phone: "if the passed email address or
 * phone number is already in the base, no new contact is created, the existing one is updated" (seed 001). An identifier
 * of another contact stays there, and an externalCustomerId is never replaced by another.
 *
 * @returns the contact's id, and whether it was known before.
 */
export function saveSubscription(
  store: Store,
  given: Subscription,
  at: number,
): { id: number; known: boolean } {
  const { locators } = given;
  const known = (['externalCustomerId', 'email', 'phone'] as const)
    .map(name => (locators[name] === undefined ? undefined : store.contactBy(name, locators[name])))
    .find(contact => contact !== undefined);

  const data: Partial<ContactData> = { ...given.data };
  for (const name of ['externalCustomerId', 'email', 'phone'] as const) {
    const value = locators[name];
    const isFree = value !== undefined && !store.contactBy(name, value);
    if (isFree && !(name === 'externalCustomerId' && known?.externalCustomerId)) data[name] = value;
  }
  data.groups = [...new Set([...(known?.groups ?? []), ...given.groups])];
  data.fields = mergeFields(known?.fields ?? [], data.fields ?? []);

  if (known) {
    store.updateContact(known.id, data, at);
    return { id: known.id, known: true };
  }
  return { id: store.addContact(data, { source: 'subscribe', confirmed: false, at }), known: false };
}

/** Later values of the same additional field replace earlier ones. */
function mergeFields(before: unknown[], now: unknown[]): unknown[] {
  const idOf = (field: unknown) => String((field as Record<string, unknown>).id);
  return [...new Map([...before, ...now].map(field => [idOf(field), field])).values()];
}
