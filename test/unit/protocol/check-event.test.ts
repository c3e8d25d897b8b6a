import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkEvent } from '../../../src/protocol/check-event';
import { eventKey, fitText, INHERITED, json, text } from './arbitraries';

const anyKey = fc.oneof(
  fc.constantFrom('eventTypeKey', 'keyValue', 'params', 'name', 'value'),
  fc.constantFrom(...INHERITED),
  fc.string({ maxLength: 8 }),
);
const anyJson = json(anyKey);
const locator = fc.constantFrom('contactId', 'externalCustomerId', 'email', 'EMAIL', 'phone', 'pushToken');

/** JSON that looks like an event, with anything where something should be. */
const nearly = fc.record(
  {
    eventTypeKey: fc.oneof(eventKey, anyJson),
    keyValue: fc.oneof(fitText(), anyJson),
    params: fc.oneof(
      fc.array(
        fc.oneof(
          anyJson,
          fc.record({ name: fc.oneof(locator, anyJson), value: anyJson }, { requiredKeys: [] }),
        ),
        { maxLength: 4 },
      ),
      anyJson,
    ),
  },
  { requiredKeys: [] },
);

describe('checkEvent()', () => {
  it('never throws, whatever JSON comes in', () => {
    fc.assert(
      fc.property(fc.oneof(anyJson, nearly), value => {
        expect(checkEvent(value) ?? '').toEqual(expect.any(String));
      }),
      { numRuns: 1500 },
    );
  });

  it('takes every event of the documented form, keyed or with a locator param', () => {
    const params = fc.uniqueArray(
      fc.record({ name: text({ minLength: 1, maxLength: 30 }).map(name => `x${name}`), value: anyJson }),
      { selector: ({ name }) => name, maxLength: 4 },
    );
    fc.assert(
      fc.property(eventKey, fitText(), params, locator, (eventTypeKey, keyValue, others, name) => {
        expect(checkEvent({ eventTypeKey, keyValue, params: others })).toBeUndefined();
        expect(checkEvent({ eventTypeKey, params: [...others, { name, value: 'v' }] })).toBeUndefined();
        expect(checkEvent({ eventTypeKey, params: others })).toMatch(/^keyValue: missing/);
      }),
    );
  });

  it('gives the same verdict on the text of an event, read again', () => {
    fc.assert(
      fc.property(nearly, event => {
        expect(checkEvent(JSON.parse(JSON.stringify(event)))).toBe(checkEvent(event));
      }),
    );
  });

  it('never quotes what stood there: it may be personal', () => {
    const marker = 'Jane-4711';
    const bad = fc.constantFrom<unknown>(
      marker,
      `${marker}?`,
      `${marker}${'k'.repeat(400)}`,
      [marker],
      { x: marker },
      { name: marker },
      { name: marker, value: marker },
      { name: `${marker}${'k'.repeat(400)}`, value: marker },
      { name: 'x', value: marker },
      { name: 'x', value: marker.repeat(3000) },
    );
    const some = fc.record(
      {
        eventTypeKey: fc.oneof(fc.constant('x'), bad),
        keyValue: fc.oneof(fc.constant('k'), bad),
        params: fc.oneof(fc.array(bad, { maxLength: 3 }), bad),
      },
      { requiredKeys: [] },
    );
    const reasons = new Set<string>();
    fc.assert(
      fc.property(some, event => {
        const reason = checkEvent(event) ?? '';
        reasons.add(reason.split(' ')[0]!.replace(/\d+/, ''));
        expect(reason).not.toContain(marker);
      }),
      // A fixed seed: whether every fault is met must not depend on luck.
      { numRuns: 2000, seed: 7 },
    );
    // The faults of key, keyValue, params, name, value and size have all been seen.
    expect([...reasons].sort()).toEqual([
      '',
      'event:',
      'eventTypeKey:',
      'keyValue:',
      'params:',
      'params[].name:',
      'params[].value:',
    ]);
  });

  it.each([
    [[{ name: 'a', value: 1 }, { name: 'b' }], 'params[1].value'],
    [
      [
        { name: 'a', value: 1 },
        { name: 'b', value: 1 },
        { name: 'a', value: 2 },
      ],
      'params[2].name',
    ],
    [[{ name: 'a', value: 1 }, null], 'params[1].name'],
  ])('says which param it is about: %j', (params, place) => {
    expect(checkEvent({ eventTypeKey: 'x', keyValue: 'k', params })).toContain(`${place}:`);
  });

  it('says by how much an event is too large', () => {
    const event = { eventTypeKey: 'x', keyValue: 'k', params: [{ name: 'a', value: 'ж'.repeat(10_000) }] };
    expect(checkEvent(event)).toBe(
      `event: ${Buffer.byteLength(JSON.stringify(event))} bytes, the platform takes 20000`,
    );
  });

  it.each([[{ toString: 1 }], [{}], [[]], [true], [[['x']]]])(
    'finds nobody named by a locator that is neither text nor a number: %j',
    value => {
      expect(checkEvent({ eventTypeKey: 'x', params: [{ name: 'email', value }] })).toMatch(
        /^keyValue: missing/,
      );
      expect(
        checkEvent({ eventTypeKey: 'x', params: [{ name: 'phone', value: 380501234567 }] }),
      ).toBeUndefined();
    },
  );
});
