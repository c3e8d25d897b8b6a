import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Person } from '../../../src/protocol/types';
import { isSamePerson } from '../../../src/tag/identity/same-person';

/** From the strongest identifier to the weakest. */
const STRENGTH = ['contactId', 'externalCustomerId', 'email', 'phone', 'pushToken'] as const;

const nowhere = () => undefined;

const value = fc.constantFrom('1', '2');
const people: fc.Arbitrary<Person> = fc.record(
  { contactId: value, externalCustomerId: value, email: value, phone: value, pushToken: value },
  { requiredKeys: [] },
);

describe('the same person', () => {
  it('is who has the same in the strongest identifier that both have', () => {
    fc.assert(
      fc.property(people, people, (known, told) => {
        const strongest = STRENGTH.find(name => name in known && name in told);
        expect(isSamePerson(known, told, nowhere)).toBe(strongest && known[strongest] === told[strongest]);
      }),
      { numRuns: 500 },
    );
  });

  it('is the same from either side, and everyone is themselves', () => {
    fc.assert(
      fc.property(people, people, (one, other) => {
        expect(isSamePerson(one, other, nowhere)).toBe(isSamePerson(other, one, nowhere));
        expect(isSamePerson(one, one, nowhere)).not.toBe(false);
      }),
    );
  });

  it('is asked of another place only for what is not known here', () => {
    const known: Person = { email: 'ann@example.com' };
    const elsewhere = (_: number, value: string) => value === '7' || (value === '8' ? false : undefined);
    expect(isSamePerson(known, { externalCustomerId: '7', email: 'bob@example.com' }, elsewhere)).toBe(true);
    expect(isSamePerson(known, { externalCustomerId: '8', email: 'ann@example.com' }, elsewhere)).toBe(false);
    expect(isSamePerson(known, { externalCustomerId: '9', email: 'ann@example.com' }, elsewhere)).toBe(true);
    expect(isSamePerson({ externalCustomerId: '9' }, { externalCustomerId: '7' }, elsewhere)).toBe(false);
    expect(isSamePerson(known, { externalCustomerId: '9' }, elsewhere)).toBe(undefined);
  });

  it.each<[string, Person, Person, boolean | undefined]>([
    ['whom nobody knew yet', {}, { email: 'ann@example.com' }, undefined],
    ['who tells a phone after an email', { email: 'ann@example.com' }, { phone: '380501234567' }, undefined],
    ['who has another email', { email: 'ann@example.com' }, { email: 'bob@example.com' }, false],
    [
      'who changed the email but not the account',
      { externalCustomerId: '7', email: 'ann@example.com' },
      { externalCustomerId: '7', email: 'ann@new.example' },
      true,
    ],
    [
      'who shares a phone with another account',
      { externalCustomerId: '7', phone: '380501234567' },
      { externalCustomerId: '8', phone: '380501234567' },
      false,
    ],
    [
      'who shares a browser’s push token under another email',
      { email: 'ann@example.com', pushToken: 't' },
      { email: 'bob@example.com', pushToken: 't' },
      false,
    ],
  ])('may be someone %s', (_, known, told, same) => {
    expect(isSamePerson(known, told, nowhere)).toBe(same);
  });
});
