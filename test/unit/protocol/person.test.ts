import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toPerson } from '../../../src/protocol/person';
import type { Identity } from '../../../src/protocol/types';
import { text } from './arbitraries';

const FIELDS = ['contactId', 'externalCustomerId', 'email', 'phone', 'pushToken'] as const;

const digits = (from: number, to: number) => fc.stringMatching(RegExp(`^[1-9]\\d{${from - 1},${to - 1}}$`));
const label = fc.stringMatching(/^[A-Za-z0-9]{1,8}$/);
const email = fc
  .tuple(fc.stringMatching(/^[A-Za-z0-9.+_'-]{1,12}$/), label, label)
  .map(([local, domain, top]) => `${local}@${domain}.${top}`);

/** What a shop may have: right, nearly right, or anything. */
const value = fc.oneof(
  text({ maxLength: 20 }),
  email,
  digits(1, 18),
  digits(7, 12).map(number => `+${number}`),
  fc.integer(),
  fc.constantFrom<null | undefined>(null, undefined),
  fc.constantFrom(
    '',
    ' ',
    'null',
    'undefined',
    '0501234567',
    '00',
    '+',
    'gid://shopify/Customer/123',
    '@',
    '0',
  ),
);
const identities: fc.Arbitrary<Identity> = fc.record(
  { contactId: value, externalCustomerId: value, email: value, phone: value, pushToken: value },
  { requiredKeys: [] },
) as fc.Arbitrary<Identity>;
const country = fc.constantFrom('', '380', '44', '1');

describe('toPerson()', () => {
  it('changes nothing about what it made itself', () => {
    fc.assert(
      fc.property(identities, country, (identity, from) => {
        const { person } = toPerson(identity, from);
        expect(toPerson(person, from)).toEqual({ person, hopeless: [] });
      }),
      { numRuns: 500 },
    );
  });

  it('has each field that was told in the person or among the hopeless, never in both', () => {
    fc.assert(
      fc.property(identities, country, (identity, from) => {
        const { person, hopeless } = toPerson(identity, from);
        const told = FIELDS.filter(field => {
          const given = `${identity[field] ?? ''}`.trim();
          // WordPress calls every guest "0".
          return !['', 'null', 'undefined', ...(field === 'externalCustomerId' ? ['0'] : [])].includes(given);
        });
        expect([...Object.keys(person), ...hopeless].sort()).toEqual([...told].sort());
      }),
      { numRuns: 300 },
    );
  });

  it('keeps only text that is trimmed and not empty', () => {
    fc.assert(
      fc.property(identities, country, (identity, from) => {
        for (const kept of Object.values(toPerson(identity, from).person)) {
          expect(kept).not.toBe('');
          expect(kept).toBe(kept.trim());
        }
      }),
    );
  });

  it('reads one field as it would without the others', () => {
    fc.assert(
      fc.property(identities, country, (identity, from) => {
        const together = toPerson(identity, from).person;
        const apart = FIELDS.map(field => toPerson({ [field]: identity[field] }, from).person);
        expect(together).toEqual(Object.assign({}, ...apart));
      }),
    );
  });

  it('takes nothing that only the prototype of what it was told has', () => {
    expect(toPerson(JSON.parse('{"__proto__": "x", "toString": "y"}'))).toEqual({ person: {}, hopeless: [] });
  });
});

describe('a phone', () => {
  it('is the same however its digits are grouped', () => {
    const mark = fc.constantFrom('', ' ', '-', '.', '(', ')', ') ', '\u00a0');
    fc.assert(
      fc.property(digits(7, 15), fc.array(mark, { minLength: 16, maxLength: 16 }), (number, marks) => {
        const grouped = [...number].map((digit, at) => digit + marks[at]).join('');
        for (const prefix of ['', '+', '00', ' + ', '0 0']) {
          expect(toPerson({ phone: prefix + grouped })).toEqual({ person: { phone: number }, hopeless: [] });
        }
      }),
    );
  });

  it('of the shop’s own country is the same with and without its prefix', () => {
    fc.assert(
      fc.property(fc.constantFrom('380', '44', '7'), digits(6, 11), (from, rest) => {
        const { person } = toPerson({ phone: `0${rest}` }, from);
        expect(person).toEqual({ phone: from + rest });
        expect(toPerson({ phone: `+${from}${rest}` }, from).person).toEqual(person);
        expect(toPerson({ phone: `0${rest}` })).toEqual({ person: {}, hopeless: ['phone'] });
      }),
    );
  });

  it('is kept as 7 to 15 digits without a leading zero, or not at all', () => {
    fc.assert(
      fc.property(
        fc.oneof(text({ maxLength: 20 }), fc.stringMatching(/^[+0-9() -]{0,22}$/)),
        country,
        (phone, from) => {
          const kept = toPerson({ phone }, from).person.phone;
          if (kept !== undefined) expect(kept).toMatch(/^[1-9][0-9]{6,14}$/);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('given as a number is read as its digits', () => {
    expect(toPerson({ phone: 380501234567 }).person).toEqual({ phone: '380501234567' });
  });

  it.each([
    '+38050123456٧',
    '３８０５０１２３４５６７',
    '380501234567;380501234568',
    '380501234567\n380501234568',
    '-380501234567x',
  ])('is not guessed from %j', phone => {
    expect(toPerson({ phone }, '380')).toEqual({ person: {}, hopeless: ['phone'] });
  });
});

describe('an email', () => {
  it('keeps the part before the @ to the letter, and has its domain in lower case', () => {
    fc.assert(
      fc.property(email, address => {
        const [local, domain] = address.split('@') as [string, string];
        expect(toPerson({ email: ` ${address}\t` }).person).toEqual({
          email: `${local}@${domain.toLowerCase()}`,
        });
      }),
    );
  });

  it('has one @, a point in its domain and no blank, or it is none', () => {
    fc.assert(
      fc.property(fc.oneof(text({ maxLength: 20 }), fc.stringMatching(/^[a-c@. ]{0,12}$/)), address => {
        const kept = toPerson({ email: address }).person.email;
        if (kept === undefined) return;
        expect(kept).not.toMatch(/\s/);
        expect(kept.split('@')).toHaveLength(2);
        expect(kept.split('@')[0]).not.toBe('');
        expect(kept.split('@')[1]).toMatch(/^.+\..+$/su);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    'john@localhost',
    'john@.com@',
    'john@@example.com',
    'mailto:john smith@example.com',
    '@',
    'a@b.',
  ])('is not %j', address => {
    expect(toPerson({ email: address })).toEqual({ person: {}, hopeless: ['email'] });
  });
});

describe('an id', () => {
  it.each([
    ['gid://shopify/Customer/7315849213', '7315849213'],
    ['gid://shopify/CompanyContact/Customer/9', '9'],
    ['GID-7', 'GID-7'],
    ['x gid://shopify/Customer/7', 'x gid://shopify/Customer/7'],
    ['https://shop.example/7', 'https://shop.example/7'],
  ])('%s is sent as %s', (told, sent) => {
    expect(toPerson({ externalCustomerId: told }).person).toEqual({ externalCustomerId: sent });
  });

  it('of 0 is nobody’s: WordPress calls every guest that', () => {
    for (const externalCustomerId of ['0', 0, ' 0 ']) {
      expect(toPerson({ externalCustomerId })).toEqual({ person: {}, hopeless: [] });
    }
    expect(toPerson({ externalCustomerId: '10' }).person).toEqual({ externalCustomerId: '10' });
  });

  it('of Shopify without a number is hopeless', () => {
    expect(toPerson({ externalCustomerId: 'gid://shopify/Customer/' })).toEqual({
      person: {},
      hopeless: ['externalCustomerId'],
    });
  });

  // absent like "null" and "undefined" themselves; every such visitor would become one contact of that id.
  it.each(['null', 'undefined'])('of Shopify that ends in %s is nobody’s', id => {
    expect(toPerson({ externalCustomerId: `gid://shopify/Customer/${id}` }).person).toEqual({});
  });

  // trimmed as any other text.
  it('of Shopify is trimmed after it was reduced', () => {
    expect(toPerson({ externalCustomerId: 'gid://shopify/Customer/ 7' }).person).toEqual({
      externalCustomerId: '7',
    });
  });

  // hopeless; every visitor of such a shop would become one contact named "[object Object]", "NaN", "true".
  it.each([[{ id: 7 }], [Number.NaN], [true], [['7', '8']], [() => 7]])(
    'that is neither text nor a number is hopeless: %s',
    told => {
      expect(toPerson({ externalCustomerId: told as never }).hopeless).toEqual(['externalCustomerId']);
    },
  );

  // hopeless too; it throws, and the other fields of the call are lost.
  it.each([[Symbol('7')], [Object.create(null)], [JSON.parse('{"toString": 1}')]])(
    'that cannot be read as text is hopeless: %o',
    told => {
      expect(toPerson({ externalCustomerId: told as never, email: 'a@b.com' })).toEqual({
        person: { email: 'a@b.com' },
        hopeless: ['externalCustomerId'],
      });
    },
  );
});
