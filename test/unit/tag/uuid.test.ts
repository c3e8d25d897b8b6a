import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isUuid, uuid } from '../../../src/tag/browser/uuid';

const V4 = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

afterEach(() => vi.unstubAllGlobals());

/** The crypto of a page on plain http: no randomUUID. */
const plainHttp = (getRandomValues: (array: Uint8Array) => Uint8Array) => {
  vi.stubGlobal('crypto', { getRandomValues });
};

describe('a uuid', () => {
  it('is the browser’s own where it has one', () => {
    vi.stubGlobal('crypto', { randomUUID: () => 'its own' });
    expect(uuid()).toBe('its own');
  });

  it('is of version 4 with and without crypto.randomUUID, and never twice the same', () => {
    const many = () => Array.from({ length: 300 }, () => uuid());
    const secure = many();
    const { crypto } = globalThis;
    plainHttp(array => crypto.getRandomValues(array as Uint8Array<ArrayBuffer>));
    const all = [...secure, ...many()];
    for (const id of all) {
      expect(id).toMatch(V4);
      expect(isUuid(id)).toBe(true);
    }
    expect(new Set(all).size).toBe(600);
  });

  it('on plain http is made of random bits alone: 122 of them', () => {
    plainHttp(array => array.fill(0));
    expect(uuid()).toBe('10000000-1000-4000-8000-100000000000');
    plainHttp(array => array.fill(0xff));
    expect(uuid()).toBe('efffffff-efff-4fff-bfff-efffffffffff');
    const { crypto } = globalThis;
    const seen = Array.from({ length: 36 }, () => new Set<string>());
    let byte = 0;
    plainHttp(array => array.fill(byte));
    for (; byte < 256; byte++) [...uuid()].forEach((character, at) => void seen[at]!.add(character));
    expect(crypto).toBeDefined();
    expect(seen.map(({ size }) => size)).toEqual(
      [...'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'].map(kind => (kind === 'x' ? 16 : kind === 'y' ? 4 : 1)),
    );
  });
});

describe('whether a text is a uuid', () => {
  it('is answered with no for any that was cut, lengthened or changed', () => {
    fc.assert(
      fc.property(
        fc.uuid({ version: 4 }),
        fc.nat(35),
        fc.constantFrom('', 'g', 'A', ' ', '.', '\n'),
        (id, at, put) => {
          expect(isUuid(id)).toBe(true);
          expect(isUuid(id.slice(0, at) + put + id.slice(at + 1))).toBe(false);
          expect(isUuid(id + put.padEnd(1, '0'))).toBe(false);
          expect(isUuid(`0${id}`)).toBe(false);
        },
      ),
    );
  });
});
