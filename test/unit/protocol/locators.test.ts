import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBody } from '../../../src/protocol/body';
import { checkEvent } from '../../../src/protocol/check-event';
import { hasLocator, keyOf, withoutUnfitLocators } from '../../../src/protocol/locators';
import type { Param, Person, V2Event } from '../../../src/protocol/types';
import { FORBIDDEN, fitText, plainKey, text } from './arbitraries';

/** From the strongest to the weakest: the platform's order, as its documents have it. */
const STRENGTH = ['contactId', 'externalCustomerId', 'email', 'phone', 'pushToken'];
const LOCATORS = STRENGTH.map(name => name.toLowerCase());

const isFit = (value: string) =>
  value.length >= 1 && value.length <= 300 && !FORBIDDEN.some(character => value.includes(character));
const isAbsent = (value: unknown) =>
  value === null || ['', 'null', 'undefined'].includes(String(value).trim());
const isUnfit = ({ name, value }: Param) =>
  LOCATORS.includes(name.toLowerCase()) && !isAbsent(value) && !isFit(String(value));

const fit = fc.oneof(
  fitText().filter(value => !isAbsent(value)),
  fc.constantFrom('site@ukr.net', '380501234567', 'k'.repeat(300)),
);
const unfit = fc.oneof(
  fc.constantFrom("o'neil@example.com", 'B2B/13760', 'k'.repeat(301), '<>'),
  fc.tuple(fit, fc.constantFrom(...FORBIDDEN)).map(parts => parts.join('')),
);
const locatorValue = fc.oneof(fit, unfit, fc.integer(), fc.constantFrom<unknown>('', '  ', 'null', null));

const spelling = (name: string) => fc.constantFrom(name, name.toLowerCase(), name.toUpperCase());
const locatorParams: fc.Arbitrary<Param[]> = fc
  .subarray(STRENGTH)
  .chain(names => fc.tuple(...names.map(name => fc.record({ name: spelling(name), value: locatorValue }))));
const otherParams: fc.Arbitrary<Param[]> = fc.uniqueArray(
  fc.record({
    name: plainKey.map(key => `x${key}`),
    value: fc.oneof(text({ maxLength: 10 }), unfit, fc.integer()),
  }),
  { selector: ({ name }) => name, maxLength: 4 },
);
const stamp = {
  id: '0b8f3c1e-6f5d-4c58-9a3e-0d6f0e2b7a11',
  anonymousId: 'f3b7a9c2-18d4-4e6f-8a5b-2c9d7e1f0a34',
};
const ownParams: Param[] = [
  { name: 'shoptrailEventId', value: stamp.id },
  { name: 'shoptrailAnonymousId', value: stamp.anonymousId },
];

/** An event as the tag makes it, in any order. */
const events: fc.Arbitrary<V2Event> = fc
  .tuple(locatorParams, otherParams, fit)
  .chain(([locators, others, keyValue]) =>
    fc.record({
      eventTypeKey: fc.constant('x'),
      keyValue: fc.constant(keyValue),
      params: fc.shuffledSubarray([...locators, ...others, ...ownParams], {
        minLength: locators.length + others.length + ownParams.length,
      }),
    }),
  );

describe('the key of a person', () => {
  it('is the strongest locator that keeps the character rule', () => {
    const people: fc.Arbitrary<Person> = fc.record(
      Object.fromEntries(STRENGTH.map(name => [name, fc.oneof(fit, unfit)])),
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(people, person => {
        const values = STRENGTH.map(name => person[name as keyof Person]);
        expect(keyOf(person)).toBe(values.find(value => value !== undefined && isFit(value)));
      }),
    );
  });
});

describe('hasLocator()', () => {
  it('finds a locator by its name in any case, and passes over those that say nothing', () => {
    fc.assert(
      fc.property(locatorParams, otherParams, (locators, others) => {
        expect(hasLocator([...others, ...locators])).toBe(locators.some(({ value }) => !isAbsent(value)));
      }),
    );
  });
});

describe('an event without its unfit locators', () => {
  it('has lost those and nothing else', () => {
    fc.assert(
      fc.property(events, event => {
        const fitEvent = withoutUnfitLocators(event);
        const kept = event.params.filter(param => !isUnfit(param));
        if (kept.length === event.params.length) expect(fitEvent).toBeUndefined();
        else {
          expect(fitEvent!.params).toEqual(kept);
          expect(fitEvent!.eventTypeKey).toBe(event.eventTypeKey);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('of the tag is keyed by the strongest locator that is left, else by the visitor, and is a correct event', () => {
    const people: fc.Arbitrary<Person> = fc.record(
      Object.fromEntries(STRENGTH.map(name => [name, fc.oneof(fit, unfit)])),
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(people, person => {
        const body = toBody(
          { ...stamp, eventTypeKey: 'x', params: [{ name: 'search', value: "<o'neil>" }] },
          person,
        );
        const fitEvent = withoutUnfitLocators(body);
        fc.pre(fitEvent !== undefined);
        const left = STRENGTH.map(name => person[name as keyof Person]).find(value => value && isFit(value));
        expect(fitEvent!.keyValue).toBe(left ?? stamp.anonymousId);
        expect(fitEvent!.params).toContainEqual({ name: 'search', value: "<o'neil>" });
        expect(checkEvent(fitEvent)).toBeUndefined();
      }),
    );
  });

  it('never has a key that breaks the character rule', () => {
    fc.assert(
      fc.property(events, fc.boolean(), (event, isKeyed) => {
        const { keyValue, ...keyless } = event;
        const fitEvent = withoutUnfitLocators(isKeyed ? event : keyless);
        fc.pre(fitEvent !== undefined);
        if (fitEvent!.keyValue !== undefined) expect(isFit(fitEvent!.keyValue)).toBe(true);
      }),
    );
  });

  // keyed by the next fit one, else by the anonymous id. A missing locator reads "undefined", which keeps the
  // character rule, so that the search ends at the first locator that is not there.
  it.each([
    [[{ name: 'phone', value: '380501234567' }], '380501234567'],
    [[{ name: 'shoptrailAnonymousId', value: stamp.anonymousId }], stamp.anonymousId],
  ])('is keyed by what is left when a server’s event had no key: %j', (params, keyValue) => {
    const event = { eventTypeKey: 'x', params: [{ name: 'email', value: "o'neil@example.com" }, ...params] };
    expect(withoutUnfitLocators(event)!.keyValue).toBe(keyValue);
  });

  it('has nothing more to leave out', () => {
    fc.assert(
      fc.property(events, event => {
        const fitEvent = withoutUnfitLocators(event);
        if (fitEvent) expect(withoutUnfitLocators(fitEvent)).toBeUndefined();
      }),
    );
  });

  it('is another event: the first one stays as it was', () => {
    fc.assert(
      fc.property(events, event => {
        const before = structuredClone(event);
        withoutUnfitLocators(event);
        expect(event).toEqual(before);
      }),
    );
  });

  it('is keyed as before when a server’s event has neither another locator nor a visitor', () => {
    const params = [{ name: 'Email', value: "o'neil@example.com" }];
    expect(withoutUnfitLocators({ eventTypeKey: 'x', keyValue: 'order-7', params })).toEqual({
      eventTypeKey: 'x',
      keyValue: 'order-7',
      params: [],
    });
  });

  it('is not made of an event without params', () => {
    expect(withoutUnfitLocators({ eventTypeKey: 'x', keyValue: 'k' } as V2Event)).toBeUndefined();
  });

  it.each([[{ toString: 1 }], [{ a: 1 }], [["o'neil@example.com"]], [true]])(
    'takes no locator for a person that is neither text nor a number: %j',
    value => {
      const params = [{ name: 'phone', value }];
      expect(withoutUnfitLocators({ eventTypeKey: 'x', keyValue: 'k', params })).toBeUndefined();
      const unfitToo = [{ name: 'email', value: "o'neil@example.com" }, ...params];
      expect(withoutUnfitLocators({ eventTypeKey: 'x', keyValue: 'k', params: unfitToo })).toEqual({
        eventTypeKey: 'x',
        keyValue: 'k',
        params,
      });
    },
  );
});
