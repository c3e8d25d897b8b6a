import { createHash } from 'node:crypto';
import { type Fields, internationalPhone, isEmail, type Problems } from './fields';

/** A signed-in visitor. */
export interface Customer {
  email: string;
  /** International format, e.g. `+35312345678`. */
  phone?: string;
  /** The shop's own id for this person, e.g. `SM-40718263`. */
  externalCustomerId: string;
}

/**
 * The id of the customer with this address. Made from the address, not counted: the sandbox outlives this
 * process, and after a restart a counter would give one person's id to another.
 */
export function customerId(email: string): string {
  const digest = createHash('sha256').update(email.toLowerCase()).digest();
  return `SM-${String(digest.readUInt32BE(0) % 100_000_000).padStart(8, '0')}`;
}

/** Reads the sign-in form. This is a demonstration: any address is let in, without a password. */
export function readCustomer(fields: Fields): { customer: Customer } | { problems: Problems } {
  const { email = '', phone = '' } = fields;
  const problems: Problems = {};
  if (!isEmail(email)) problems.email = 'Enter an email address such as name@example.com.';
  const number = internationalPhone(phone);
  if (phone && !number)
    problems.phone = 'Start with + and the country code, for example +353 1 234 5678, or leave it empty.';
  if (Object.keys(problems).length > 0) return { problems };
  return { customer: { email, ...(number && { phone: number }), externalCustomerId: customerId(email) } };
}
