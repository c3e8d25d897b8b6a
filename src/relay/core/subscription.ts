import * as v from 'valibot';
import { toPerson } from '../../protocol/person';
import { faultOf, idRule, lostDigits } from './ingest-schema';
import type { NewRow } from './outbox';

/** The largest body, in bytes. */
export const maxSubscription = 10 * 1024;

const text = (expected: string, max: number) =>
  v.pipe(v.string(expected), v.trim(), v.nonEmpty(expected), v.maxLength(max, expected));

const name = v.optional(
  // An empty field of a form is no name.
  v.pipe(
    v.string('a text expected'),
    v.trim(),
    v.maxLength(60, 'at most 60 characters'),
    v.transform(given => given || undefined),
  ),
);

/** Spelt as `identify()` spells it; undefined when it is hopeless. */
const email = (given: string) => toPerson({ email: given }).person.email;
const phone = (given: string) => toPerson({ phone: given }).person.phone;

const emailExpected = 'an email address expected';
const phoneExpected = 'a phone number in the international format expected';
const channel = v.variant(
  'type',
  [
    v.object({
      type: v.literal('email'),
      value: v.pipe(
        text(emailExpected, 254),
        v.transform(email),
        v.string(emailExpected),
        v.regex(/^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/, emailExpected),
      ),
    }),
    v.object({
      type: v.literal('sms'),
      value: v.pipe(text(phoneExpected, 40), v.transform(phone), v.string(phoneExpected)),
    }),
  ],
  'expected {"type":"email"|"sms","value":"..."}',
);

const textOrNumber = (expected: string) =>
  v.union([v.string(), v.pipe(v.number(), v.safeInteger(lostDigits))], expected);

const field = v.object(
  {
    id: v.pipe(
      textOrNumber('a number expected'),
      v.transform(String),
      v.regex(/^\d{1,12}$/, 'a number expected'),
    ),
    value: v.union([v.string(), v.number(), v.boolean()], 'a text, a number, true or false expected'),
  },
  'expected {"id","value"}',
);

const contact = v.object(
  {
    firstName: name,
    lastName: name,
    channels: v.pipe(
      v.array(channel, 'a list expected'),
      v.minLength(1, 'one or two channels expected'),
      v.maxLength(2, 'one or two channels expected'),
    ),
    externalCustomerId: v.optional(
      v.pipe(
        textOrNumber('a text expected'),
        v.transform(given => toPerson({ externalCustomerId: given }).person.externalCustomerId),
        v.optional(v.pipe(v.string(), v.maxLength(300, 'at most 300 characters'))),
      ),
    ),
    fields: v.optional(v.pipe(v.array(field, 'a list expected'), v.maxLength(50, 'at most 50 fields'))),
  },
  'expected {"channels":[{"type","value"}]}',
);

const schema = v.object(
  {
    /** Made once by the page, so that a repeat is known; made here when left out. */
    id: v.optional(v.message(idRule, '8 to 64 letters, digits, "-" or "_" expected')),
    /** Whose it is; else the visitor's cookie says so. */
    anonymousId: v.optional(
      v.pipe(v.string('a uuid expected'), v.regex(/^[0-9a-f-]{36}$/, 'a uuid expected')),
    ),
    contact,
    groups: v.optional(
      v.pipe(
        v.array(text('names of groups expected', 100), 'a list expected'),
        v.maxLength(20, 'at most 20 groups'),
      ),
      [],
    ),
    formType: v.optional(
      v.pipe(
        v.string('a text expected'),
        v.regex(/^[\w-]{1,50}$/, '1 to 50 letters, digits, "-" or "_" expected'),
      ),
    ),
  },
  'expected {"contact":{"channels":[...]}}',
);

/** A subscription that is fit to be stored. */
export interface Subscription {
  row: NewRow;
  /** Whose it is, when anything says so. */
  visitor?: string;
  /** The addresses and numbers that would be written to. */
  channels: string[];
}

/**
 * Reads the parsed body of `POST {base}/v1/contact/subscribe`; a text is the reason why it is refused, which never
 * quotes what was sent.
 *
 * It is handed to the platform as it is understood here, and nothing else of it. The platform makes a new contact
 * unconfirmed and starts the workflow that asks for the confirmation (double opt-in, seed 001): the relay sends no mail
 * and takes no confirmation. Who wants the double opt-in sets up that workflow for `subscribeFromApi[-formType]`.
 *
 * @param groups the only groups that pages may name; undefined for any.
 */
export const readSubscription = (
  data: unknown,
  now: number,
  cookieId: string | undefined,
  groups: readonly string[] | undefined,
): Subscription | string => {
  const read = v.safeParse(schema, data);
  if (!read.success) return faultOf(read.issues, 'body');
  const { id = crypto.randomUUID(), anonymousId = cookieId, contact, groups: wanted, formType } = read.output;
  if (groups && !wanted.every(group => groups.includes(group))) {
    return 'groups: only those that the operator allows with SUBSCRIBE_GROUPS';
  }
  const body = { contact, ...(wanted.length && { groups: wanted }), ...(formType && { formType }) };
  return {
    row: {
      id,
      at: now,
      type: 'subscribe',
      visitor: anonymousId ?? id,
      body: JSON.stringify(body),
      lane: 'subscription',
    },
    visitor: anonymousId,
    channels: contact.channels.map(({ value }) => value),
  };
};
