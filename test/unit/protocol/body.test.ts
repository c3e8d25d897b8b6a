import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultOfSize, fitsReserve, toBody } from '../../../src/protocol/body';
import { checkEvent } from '../../../src/protocol/check-event';
import { toParams as readParams } from '../../../src/protocol/params';
import { plain } from '../../../src/protocol/plain';
import type { Param, Person } from '../../../src/protocol/types';
import { eventKey, json, plainKey, text } from './arbitraries';

/** What the tag does with a payload: it is copied at the call, and read from the copy. */
const toParams = (event: string, payload: unknown, defaults?: Record<string, unknown>) =>
  readParams(event, plain(payload ?? {}), defaults);

const id = '0b8f3c1e-6f5d-4c58-9a3e-0d6f0e2b7a11';
const anonymousId = 'f3b7a9c2-18d4-4e6f-8a5b-2c9d7e1f0a34';
const stamp = { id, anonymousId };

const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

/** What JSON writes with one to six bytes. */
const CHARACTERS = ['a', 'ж', '杯', '🛒', '"', '\n', '\u0000', '\ud83d'];

/** A text of a character that takes the given bytes in JSON, or as many fewer as the last one would not fit. */
const filler = (character: string, size: number) =>
  size > 0 ? character.repeat(Math.floor(size / (bytes(character) - 2))) : '';

/** Params that with the key take the given bytes, or a few fewer. */
const filled = (eventTypeKey: string, params: Param[], character: string, size: number) => {
  const last = { name: 'fill', value: '' };
  const room = size - bytes({ eventTypeKey, params: [...params, last] });
  return [...params, { ...last, value: filler(character, room) }];
};

describe('the body of an event', () => {
  it('has the person first in the order of the documents, then the event, then what the tag adds', () => {
    const person = {
      pushToken: 't',
      contactId: '1',
      externalCustomerId: 'e',
      email: 'a@b.com',
      phone: '123',
    };
    const params = [{ name: 'search', value: 'mug' }];
    expect(toBody({ ...stamp, eventTypeKey: 'searchRequest', params }, person)).toEqual({
      eventTypeKey: 'searchRequest',
      keyValue: '1',
      params: [
        { name: 'phone', value: '123' },
        { name: 'email', value: 'a@b.com' },
        { name: 'externalCustomerId', value: 'e' },
        { name: 'contactId', value: '1' },
        { name: 'pushToken', value: 't' },
        { name: 'search', value: 'mug' },
        { name: 'shoptrailEventId', value: id },
        { name: 'shoptrailAnonymousId', value: anonymousId },
      ],
    });
  });

  it('is keyed by the anonymous id as long as nobody is known', () => {
    const { keyValue, params } = toBody({ ...stamp, eventTypeKey: 'x', params: [] });
    expect(keyValue).toBe(anonymousId);
    expect(params.map(({ name }) => name)).toEqual(['shoptrailEventId', 'shoptrailAnonymousId']);
  });

  it('has nothing of a record but what the platform takes', () => {
    const record = { ...stamp, eventTypeKey: 'x', params: [], at: 5, page: 'p', seq: 1, v: 1 };
    expect(Object.keys(toBody(record)).sort()).toEqual(['eventTypeKey', 'keyValue', 'params']);
  });

  it('leaves the record and the person as they were, so that it can be made again', () => {
    const record = Object.freeze({
      ...stamp,
      eventTypeKey: 'x',
      params: Object.freeze([]) as unknown as Param[],
    });
    const person = Object.freeze({ email: 'a@b.com' });
    expect(toBody(record, person)).toEqual(toBody(record, person));
  });
});

describe('the size of an event', () => {
  it('may be 18,700 bytes before the tag adds its stamp and the person', () => {
    const params = (missing: number) => filled('x', [], 'a', 18_700 + missing);
    expect(bytes({ eventTypeKey: 'x', params: params(0) })).toBe(18_700);
    expect(faultOfSize('x', params(0))).toBeUndefined();
    expect(faultOfSize('x', params(1))).toBe('event: 1 bytes over the 18700 it may have');
    expect(faultOfSize('x', params(300))).toMatch(/^event: 300 bytes/);
  });

  it('is measured in bytes of the JSON text, not in characters', () => {
    for (const character of CHARACTERS) {
      const each = bytes(character) - 2;
      const room = 18_700 - bytes({ eventTypeKey: 'x', params: [{ name: 'fill', value: '' }] });
      const value = (count: number) => [{ name: 'fill', value: character.repeat(count) }];
      expect(faultOfSize('x', value(Math.floor(room / each)))).toBeUndefined();
      expect(faultOfSize('x', value(Math.floor(room / each) + 1))).toEqual(expect.any(String));
    }
  });

  it('is told without a word of the event', () => {
    expect(faultOfSize('secret-4711', filled('x', [], 'secret-4711', 90_000))).not.toContain('secret');
  });
});

describe('what a person adds', () => {
  it('fits into the reserve with every locator at its usual length', () => {
    expect(
      fitsReserve({
        contactId: '9'.repeat(19),
        externalCustomerId: 'x'.repeat(64),
        email: `${'a'.repeat(64)}@${'b'.repeat(60)}.com`,
        phone: '9'.repeat(15),
        pushToken: 't'.repeat(200),
      }),
    ).toBe(true);
    expect(fitsReserve({})).toBe(true);
  });

  it('does not fit when it would be larger than what is reserved', () => {
    expect(fitsReserve({ pushToken: 't'.repeat(1_300) })).toBe(false);
    expect(fitsReserve({ pushToken: '杯'.repeat(434) })).toBe(false);
    expect(fitsReserve({ email: `${'a'.repeat(700)}@b.com`, externalCustomerId: 'x'.repeat(600) })).toBe(
      false,
    );
  });

  it('makes of every event that is small enough a body the platform takes: 20,000 bytes at most', () => {
    const locator = fc.oneof(
      text({ minLength: 1, maxLength: 80 }),
      fc
        .tuple(fc.constantFrom(...CHARACTERS), fc.nat(310))
        .map(([character, size]) => filler(character, size) || 'x'),
    );
    const people: fc.Arbitrary<Person> = fc.record(
      { contactId: locator, externalCustomerId: locator, email: locator, phone: locator, pushToken: locator },
      { requiredKeys: [] },
    );
    const payloads = fc.dictionary(
      plainKey.map(key => `x${key}`),
      json(plainKey),
      { maxKeys: 4 },
    );
    let full = 0;
    fc.assert(
      fc.property(
        eventKey,
        payloads,
        people,
        fc.constantFrom(...CHARACTERS),
        fc.integer({ min: -40, max: 12 }),
        fc.boolean(),
        (eventTypeKey, payload, someone, character, over, isLong) => {
          const { params } = toParams(eventTypeKey, payload);
          const event = filled(eventTypeKey, params, character, 18_700 + over);
          // A push token that takes what is left of the reserve, to the byte.
          const room =
            1_299 - bytes(toBody({ ...stamp, eventTypeKey: '', params: [] }, { ...someone, pushToken: '?' }));
          const person = isLong && room > 400 ? { ...someone, pushToken: `?${'t'.repeat(room)}` } : someone;
          fc.pre(!faultOfSize(eventTypeKey, event) && fitsReserve(person));
          const body = toBody({ ...stamp, eventTypeKey, params: event }, person);
          if (bytes(body) > 19_900) full++;
          expect(bytes(body)).toBeLessThanOrEqual(20_000);
          expect(checkEvent(body)).toBeUndefined();
        },
      ),
      { numRuns: 300 },
    );
    expect(full).toBeGreaterThan(0);
  });
});
