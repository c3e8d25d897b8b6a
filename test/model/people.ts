import type { Person } from '../../src/protocol/types';

export const names = ['Ann', 'Bob', 'Cleo'] as const;
export type Name = (typeof names)[number];

/** Everything by which each of them can be known. No value of one is part of a value of another. */
const everything: Record<Name, Record<'externalCustomerId' | 'email' | 'phone', string>> = {
  Ann: {
    externalCustomerId: 'C-ann',
    email: 'ann@example.com',
    phone: '380501000001',
  },
  Bob: {
    externalCustomerId: 'C-bob',
    email: 'bob@example.com',
    phone: '380501000002',
  },
  Cleo: {
    externalCustomerId: 'C-cleo',
    email: 'cleo@example.com',
    phone: '380501000003',
  },
};

/** What a shop tells of a person at a time. Two of them may have nothing in common. */
export const faces = ['everything', 'id and email', 'id', 'email', 'email and phone', 'phone'] as const;
export type Face = (typeof faces)[number];

/** What `identify()` is given for this face of a person. */
export const told = (name: Name, face: Face): Person => {
  const { externalCustomerId, email, phone } = everything[name];
  return {
    everything: everything[name],
    'id and email': { externalCustomerId, email },
    id: { externalCustomerId },
    email: { email },
    'email and phone': { email, phone },
    phone: { phone },
  }[face];
};

/** Whose identifiers stand anywhere in a text. */
export const namesIn = (text: string): Name[] =>
  names.filter(name => Object.values(everything[name]).some(value => text.includes(value)));
