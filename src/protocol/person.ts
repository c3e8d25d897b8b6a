import { absentIds } from './rules.json';
import type { Identity, Person } from './types';

/** How each locator is normalised: the value to send, or undefined when it is hopeless. */
const readers: Record<keyof Person, (text: string, country: string) => string | undefined> = {
  contactId: text => (/^\d+$/.test(text) ? text : undefined),
  // A Shopify id such as gid://shopify/Customer/123 has characters that the platform refuses.
  // "0" is what WordPress calls every guest.
  externalCustomerId: text => text.replace(/^gid:\/\/.*\//, '').replace(/^0$/, 'null'),
  email: text => {
    const [, local, domain] = /^([^\s@]+)@([^\s@]+\.[^\s@]+)$/.exec(text) ?? [];
    return local && domain && `${local}@${domain.toLowerCase()}`;
  },
  // The international format of seed 003, as the platform's own examples have it: digits only.
  phone: (text, country) => {
    const digits = text
      .replace(/[\s().-]/g, '')
      .replace(/^(\+|00)/, '')
      .replace(/^0/, country || '0');
    return /^[1-9]\d{6,14}$/.test(digits) ? digits : undefined;
  },
  pushToken: text => text,
};

/**
 * Normalises what `identify()` was told: the one place where an email, a phone or an id gets its spelling. Absent
 * fields (undefined, null, blanks, "null": seed 003) are left out; hopeless ones are left out and named.
 *
 * @param country digits of the country a national phone number (0501234567) belongs to, such as "380"
 */
export const toPerson = (identity: Identity, country = ''): { person: Person; hopeless: string[] } => {
  const person: Person = {};
  const hopeless: string[] = [];
  for (const field of Object.keys(readers) as (keyof Person)[]) {
    const told = identity[field] ?? '';
    const text = /string|number/.test(typeof told) && !Number.isNaN(told) ? `${told}`.trim() : undefined;
    const value = text && readers[field](text, country)?.trim();
    if (text !== undefined && absentIds.includes(value || text)) continue;
    if (value) person[field] = value;
    else hopeless.push(field);
  }
  return { person, hopeless };
};
