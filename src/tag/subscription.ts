import { toPerson } from '../protocol/person';

/** A subscription to newsletters. An email address or a phone number is needed, or both. */
export interface Subscription {
  /** An address that messages go to. */
  email?: string;
  /** With its country, or a national number where `defaultCountry` is set. */
  phone?: string;
  /** As the visitor wrote it. */
  firstName?: string;
  /** As the visitor wrote it. */
  lastName?: string;
  /** The shop's own id of the customer. */
  externalCustomerId?: string;
  /** Names of the groups to join. */
  groups?: string[];
  /** Which form it is: the platform adds it to the event's name, `subscribeFromApi-footer`. Letters, digits, `-` and `_`. */
  formType?: string;
  /** Values of the contact's own fields, by the number that each has in the account. */
  fields?: { id: number; value: string | number | boolean }[];
}

/** A subscription as `POST /api/v1/contact/subscribe` has it (seed 001), or why there is none. */
export const toSubscription = (
  { groups, formType, fields, firstName, lastName, ...told }: Subscription = {},
  defaultCountry: string,
) => {
  const { email, phone, externalCustomerId } = told;
  const { person, hopeless } = toPerson({ email, phone, externalCustomerId }, defaultCountry);
  if (hopeless[0]) return { reason: `${hopeless[0]}: cannot be read as one` };
  const channels = (['email', 'phone'] as const).flatMap(name =>
    person[name] ? { type: name === 'phone' ? 'sms' : name, value: person[name] } : [],
  );
  if (!channels[0]) return { reason: 'subscription: an email or a phone is needed' };
  const contact = {
    firstName,
    lastName,
    channels,
    externalCustomerId: person.externalCustomerId,
    fields,
  };
  return { body: { contact, groups, formType } };
};
