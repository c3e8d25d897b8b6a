/**
 * Which contact an event belongs to (seed 004, and seed 001 for subscriptions). Two people are never merged: only the
 * anonymous user of an app becomes part of the contact who signs in there, as seed 004 has it.
 */
import type { Param } from '../protocol/types';
import { comparable, deviceOf, LOCATORS, type LocatorName, type Locators, locatorsOf } from './locators';
import type { Contact, ContactData, MatchedBy, Store } from './store';

/** A contact, and what led to it. */
export interface Match {
  contactId: number;
  by: MatchedBy;
}

/**
 * The contact whom locators name: the first hit in the order contactId, externalCustomerId, email, phone, pushToken.
 *
 * A weaker locator does not lead to a contact that is known by another externalCustomerId or email than the event's: that
 * is somebody else of the same household, and no seed lets the platform take two people for one. A push token is a
 * device's, and devices change hands: it leads to its owner only when nothing else names anybody.
 */
export function findContact(store: Store, locators: Locators): Match | undefined {
  for (const name of LOCATORS) {
    const value = locators[name];
    const contact = value === undefined ? undefined : store.contactBy(name, value);
    if (contact && leadsTo(contact, name, locators)) return { contactId: contact.id, by: name };
  }
  return undefined;
}

function leadsTo(contact: Contact, name: LocatorName, locators: Locators): boolean {
  if (name === 'contactId' || name === 'externalCustomerId') return true;
  if (name !== 'pushToken') return !isSomebodyElse(contact, locators);
  return LOCATORS.every(other => other === name || locators[other] === undefined);
}

/** Under the same externalCustomerId an address may differ: that is one person with two addresses. */
function isSomebodyElse(contact: Contact, locators: Locators): boolean {
  const differs = (name: 'externalCustomerId' | 'email') =>
    locators[name] !== undefined && contact[name] !== null && contact[name] !== locators[name];
  return differs('externalCustomerId') || differs('email');
}

/**
 * The contact whom a key alone names, for events without locators: externalCustomerId, then email, phone, pushToken
 * ("The key must contain a unique value for each contact (for example, email, phone number, external contact id, etc.)",
 * seed 003). It only finds: no seed says that a key without locators makes a contact.
 */
export function findByKey(store: Store, key: string): Match | undefined {
  for (const name of ['externalCustomerId', 'email', 'phone', 'pushToken'] satisfies LocatorName[]) {
    const value = comparable(name, key);
    const contact = value === undefined ? undefined : store.contactBy(name, value);
    if (contact) return { contactId: contact.id, by: 'keyValue' };
  }
  return undefined;
}

/**
 * Finds or makes the contact of an event that came by `v2/event`, and adds to it what it did not have yet. Identifiers
 * that another contact has stay there; only a push token and a device move.
 *
 * @returns undefined when the event names nobody whom the sandbox could find or make.
 */
export function matchEvent(store: Store, key: string, params: Param[], at: number): Match | undefined {
  const locators = locatorsOf(params);
  const found = findContact(store, locators);
  const contact = found && store.contact(found.contactId);
  const fresh: Partial<ContactData> = {};
  for (const name of ['externalCustomerId', 'email', 'phone'] as const) {
    const value = locators[name];
    if (value !== undefined && !contact?.[name] && !store.contactBy(name, value)) fresh[name] = value;
  }
  const names = Object.keys(fresh) as LocatorName[];
  const by = names[0] ?? (locators.pushToken === undefined ? undefined : 'pushToken');
  let match = found;
  if (!match && by) {
    // Contacts that an event makes are confirmed at once (seed 001).
    match = { contactId: store.addContact(fresh, { source: 'event', confirmed: true, at }), by };
  } else if (match && names.length > 0) {
    store.updateContact(match.contactId, fresh, at);
  }
  match ??= findByKey(store, key);
  if (match) moveToContact(store, match.contactId, locators.pushToken, deviceOf(params));
  return match;
}

/** Whether a contact is known by push tokens only: the anonymous user of an app. */
function isAppUser({ externalCustomerId, email, phone }: Contact): boolean {
  return externalCustomerId === null && email === null && phone === null;
}

/**
 * "The device id and the mobile token can belong to one user only. When ... the system finds a device id and a mobile token
 * that belong to another contact, they go over to the updated contact" (seed 004). An app user who signs in is from then on
 * one profile with who they are ("the contact data are merged into one profile").
 */
function moveToContact(
  store: Store,
  id: number,
  token: string | undefined,
  device: string | undefined,
): void {
  if (token !== undefined) {
    const owner = store.contactBy('pushToken', token);
    if (owner && owner.id !== id && isAppUser(owner)) store.absorb(owner.id, id);
    store.givePushToken(token, id);
  }
  if (device !== undefined) store.giveDevice(device, id);
}
