import { describe, expect, it } from 'vitest';
import { toBody } from '../../src/protocol/body';
import { checkEvent } from '../../src/protocol/check-event';
import { faultOfKey } from '../../src/protocol/keys';
import { keyOf } from '../../src/protocol/locators';
import { toParams } from '../../src/protocol/params';
import { toPerson } from '../../src/protocol/person';
import { plain } from '../../src/protocol/plain';
import type { Identity, Param, Person } from '../../src/protocol/types';
import { type BodyCase, bodyOf, vectors } from '../support/vectors';

interface TrackCase {
  name: string;
  call: { event: string; payload?: unknown };
  params?: Param[];
  refused?: true;
  about?: string;
  pointer?: string;
}
interface IdentityCase {
  name: string;
  identify: Identity;
  defaultCountry?: string;
  person?: Person;
  keyValue?: string | null;
  refused?: true;
}
interface GoldenCase {
  name: string;
  call: { event: string; payload: unknown };
  identity: Identity;
  body: { eventTypeKey: string; keyValue: string; params: Param[] };
}

/** What the tag does with `track()`: the key's rule, then the payload's. */
const track = ({ event, payload }: TrackCase['call']) => {
  const fault = faultOfKey(event);
  if (fault) return { params: [], reasons: [fault] };
  const { params, faults } = toParams(event, plain(payload ?? {}));
  return { params, reasons: faults.map(({ reason }) => reason) };
};

describe('a v2 body', () => {
  it.each(vectors<BodyCase>('body'))('$name', vector => {
    const reason = checkEvent(bodyOf(vector));
    if (vector.valid) expect(reason).toBeUndefined();
    else expect(reason).toEqual(expect.any(String));
  });
});

describe('a call of track()', () => {
  it.each(vectors<TrackCase>('track'))('$name', ({ call, params, about, pointer }) => {
    const made = track(call);
    if (params) expect(made).toEqual({ params, reasons: [] });
    else {
      expect(made.reasons).not.toEqual([]);
      expect(made.reasons.join()).toContain(about ?? '');
      if (pointer) expect(made.reasons.join()).toContain(`${pointer}()`);
    }
  });
});

describe('a call of identify()', () => {
  it.each(vectors<IdentityCase>('identity'))('$name', ({ identify, defaultCountry, person, keyValue }) => {
    const told = toPerson(identify, defaultCountry);
    if (!person) expect(told.person).toEqual({});
    else {
      expect(told).toEqual({ person, hopeless: [] });
      expect(keyOf(told.person) ?? null).toBe(keyValue);
    }
  });
});

describe('an example of the documents', () => {
  it.each(vectors<GoldenCase>('golden'))('$name', ({ call, identity, body }) => {
    const { params, reasons } = track(call);
    expect(reasons).toEqual([]);
    const made = toBody(
      { id: 'id', anonymousId: 'anonymous', eventTypeKey: call.event, params },
      toPerson(identity).person,
    );
    expect({ ...made, params: made.params.slice(0, -2) }).toEqual(body);
    expect(made.params.slice(-2)).toEqual([
      { name: 'shoptrailEventId', value: 'id' },
      { name: 'shoptrailAnonymousId', value: 'anonymous' },
    ]);
    expect(checkEvent(made)).toBeUndefined();
  });
});
