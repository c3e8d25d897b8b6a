import { describe, expect, it, vi } from 'vitest';
import type { Person } from '../../../src/protocol/types';
import { createIdentity } from '../../../src/tag/identity/identity';
import { isInPrint, toPrint } from '../../../src/tag/identity/print';

const createTable = (cookie = 'a1') => {
  const shelf = new Map<string, unknown>();
  let id = cookie;
  let made = 0;
  const prints = new Map<string, string>();
  const print = () => prints.get(id) ?? '';
  const identity = createIdentity(
    {
      put: (key, value) => void shelf.set(`${key}`, value),
      remove: key => void shelf.delete(`${key}`),
    },
    {
      id: () => id,
      renew: () => {
        id = `renewed${++made}`;
        return id;
      },
      isKnown: () => prints.has(id),
      recognizes: (place, value) => isInPrint(print(), id, place, value),
      isTold: person => toPrint(id, person) === print(),
      markKnown: person => void prints.set(id, toPrint(id, person, print())),
    },
    () => `early${++made}`,
  );
  /** Another tab has told the table who this is. */
  const otherTabKnows = (person: Person) => prints.set(id, toPrint(id, person));
  return { identity, shelf, otherTabKnows };
};

const ann: Person = { email: 'ann@example.com' };
const bob: Person = { email: 'bob@example.com' };

describe('the table of people', () => {
  it('learns a person once: the same again is no news', () => {
    const { identity, shelf } = createTable();
    identity.load([], () => {});
    const learned = vi.fn();
    expect(identity.identify(ann, learned)).toBe(false);
    expect(identity.identify(ann, learned)).toBe(false);
    expect(identity.identify({ ...ann, phone: '380501234567' }, learned)).toBe(true);
    identity.load([['a1', ann]], () => {});
    expect(learned.mock.calls).toEqual([[false], [false]]);
    expect(shelf.get('p,a1')).toEqual({ ...ann, phone: '380501234567' });
    expect(identity.id()).toBe('a1');
  });

  it('reads the table before it believes a page that knows nobody: another tab may have told it of somebody', () => {
    const { identity, otherTabKnows } = createTable();
    identity.load([], () => {});
    otherTabKnows(ann);
    expect(identity.identify({ externalCustomerId: '7' }, () => {})).toBe(true);
    expect(identity.waits()).toBe(true);
    identity.load([['a1', { ...ann, externalCustomerId: '8' }]], () => {});
    expect(identity.waits()).toBe(false);
    expect(identity.person('a1')).toEqual({ ...ann, externalCustomerId: '8' });
    expect(identity.id()).not.toBe('a1');
    expect(identity.person(identity.id())).toEqual({ externalCustomerId: '7' });
  });

  it('knows by the cookie that somebody else is here than another host of the shop was told of', () => {
    const { identity, shelf, otherTabKnows } = createTable();
    identity.load([], () => {});
    otherTabKnows(ann);
    const learned = vi.fn();
    expect(identity.identify(bob, learned)).toBe(false);
    expect(learned.mock.calls).toEqual([[true]]);
    expect(identity.id()).toBe('renewed1');
    expect([...shelf]).toEqual([['p,renewed1', bob]]);
  });

  it('knows by the cookie that the same is here, and learns here what another host was told', () => {
    const { identity, shelf, otherTabKnows } = createTable();
    otherTabKnows({ ...ann, phone: '380501234567' });
    identity.identify(ann, () => {});
    identity.load([], () => {});
    expect(identity.id()).toBe('a1');
    expect([...shelf]).toEqual([['p,a1', ann]]);
    // What was told there decides here, too.
    identity.identify({ phone: '380507654321' }, () => {});
    expect(identity.id()).not.toBe('a1');
  });

  it('forgets everybody, those too whom the table has not decided about, and tells their new ids', () => {
    const { identity, shelf } = createTable();
    identity.load([['a1', ann]], () => {});
    identity.identify({ phone: '380501234567' }, () => {});
    const fresh = identity.forget();
    identity.load([], () => {});
    expect([...shelf.values()]).toEqual([]);
    expect(fresh.get('a1')).toBeDefined();
    expect(identity.ids()).toEqual([]);
  });

  it('begins another anonymous id for another person, and leaves the first one’s row as it was', () => {
    const { identity, shelf } = createTable();
    identity.load([['a1', ann]], () => {});
    const learned = vi.fn();
    identity.identify(bob, learned);
    expect(learned.mock.calls).toEqual([[true]]);
    expect(identity.id()).toBe('renewed1');
    expect(identity.person('a1')).toEqual(ann);
    expect(identity.person('renewed1')).toEqual(bob);
    expect(shelf.get('p,renewed1')).toEqual(bob);
  });

  it('puts what is tracked before the table is read under an id of its own, with its person', () => {
    const { identity, shelf } = createTable();
    expect(identity.id()).toBe('a1');
    identity.identify(bob, () => {});
    expect(identity.id()).toBe('early1');
    // A page that dies now has this on the shelf, and its events under it.
    expect(shelf.get('p,early1')).toEqual(bob);
  });

  it('gives it back to the old id when it was the same person', () => {
    const { identity, shelf } = createTable();
    const learned = vi.fn();
    const restamp = vi.fn();
    identity.identify(ann, learned);
    identity.load([['a1', ann]], restamp);
    expect(restamp.mock.calls).toEqual([['early1', 'a1']]);
    expect(learned).not.toHaveBeenCalled();
    expect(identity.id()).toBe('a1');
    expect(shelf.has('p,early1')).toBe(false);
  });

  it('gives it to a new id when it was another person, who is never merged with the one before', () => {
    const { identity } = createTable();
    const learned = vi.fn();
    const restamp = vi.fn();
    identity.identify(bob, learned);
    identity.load([['a1', ann]], restamp);
    expect(restamp.mock.calls).toEqual([['early1', 'renewed2']]);
    expect(learned.mock.calls).toEqual([[true]]);
    expect(identity.person('a1')).toEqual(ann);
    expect(identity.person('renewed2')).toEqual(bob);
  });

  it('decides several changes before the table was read in their order', () => {
    const { identity } = createTable();
    const restamped: string[] = [];
    identity.identify(ann, () => {});
    identity.reset();
    const nobody = identity.id();
    identity.identify(bob, () => {});
    identity.load([], (from, to) => void restamped.push(`${from} → ${to}`));
    expect(identity.person('a1')).toEqual(ann);
    expect(restamped[0]).toBe('early1 → a1');
    expect(restamped[1]).toMatch(new RegExp(`^${nobody} → renewed`));
    // After the sign-out a new id began; bob was told of it, and nobody before.
    expect(restamped[2]!.split(' → ')[1]).toBe(restamped[1]!.split(' → ')[1]);
    expect(identity.person(identity.id())).toEqual(bob);
  });

  it('gives a person another id, where the table that knows somebody did not answer', () => {
    const { identity, shelf, otherTabKnows } = createTable();
    otherTabKnows({ phone: '380501234567' });
    identity.identify(bob, () => {});
    const early = identity.id();
    const restamp = vi.fn();
    identity.load([], restamp, true);
    expect(identity.id()).not.toBe('a1');
    expect(restamp.mock.calls).toEqual([[early, identity.id()]]);
    expect(identity.person(identity.id())).toEqual(bob);
    expect([...shelf.keys()]).toEqual([`p,${identity.id()}`]);
  });

  it('leaves the visitor their id, where the table did not answer and nobody was named', () => {
    const { identity, otherTabKnows } = createTable();
    otherTabKnows(ann);
    identity.load([], () => {}, true);
    expect(identity.id()).toBe('a1');
  });

  it('leaves the visitor their id, where the table did not answer and what is told is all that the cookie speaks of', () => {
    const { identity, shelf, otherTabKnows } = createTable();
    otherTabKnows({ ...ann, phone: '380501234567' });
    identity.identify({ ...ann, phone: '380501234567' }, () => {});
    const restamp = vi.fn();
    identity.load([], restamp, true);
    expect(restamp.mock.calls).toEqual([['early1', 'a1']]);
    expect(identity.id()).toBe('a1');
    // The next page knows it as well, if this host had no row.
    expect([...shelf]).toEqual([['p,a1', { ...ann, phone: '380501234567' }]]);
  });

  it('leaves alone what the table may have beside what is told, where it did not answer', () => {
    const whole = { ...ann, externalCustomerId: '7' };
    const { identity, shelf, otherTabKnows } = createTable();
    otherTabKnows(whole);
    shelf.set('p,a1', whole);
    identity.identify(ann, () => {});
    identity.identify({ ...ann, phone: '380501234567' }, () => {});
    identity.load([], () => {}, true);
    expect(shelf.get('p,a1')).toEqual(whole);
  });

  it('gives a person another id, where the table did not answer and more is told than the cookie speaks of', () => {
    const { identity, shelf, otherTabKnows } = createTable();
    otherTabKnows(ann);
    shelf.set('p,a1', ann);
    identity.identify({ ...ann, phone: '380501234567' }, () => {});
    identity.load([], () => {}, true);
    expect(identity.id()).toBe('renewed2');
    expect(shelf.get('p,a1')).toEqual(ann);
    expect(identity.person('renewed2')).toEqual({ ...ann, phone: '380501234567' });
  });

  it('leaves the visitor their id, where the table did not answer and no tab knows of anybody', () => {
    const { identity } = createTable();
    identity.identify(bob, () => {});
    identity.load([], () => {}, true);
    expect(identity.id()).toBe('a1');
    expect(identity.person('a1')).toEqual(bob);
  });

  it('knows the same person again, where some of the table is at hand', () => {
    const { identity, otherTabKnows } = createTable();
    otherTabKnows(ann);
    identity.identify(ann, () => {});
    identity.load([['a1', ann]], () => {}, true);
    expect(identity.id()).toBe('a1');
  });

  it('takes nobody for the same without a word in common, where there was no time to read the table', () => {
    const { identity, otherTabKnows } = createTable();
    otherTabKnows(ann);
    identity.identify(bob, () => {});
    const bobs = identity.id();
    identity.identify({ externalCustomerId: 'C-ann' }, () => {});
    const anns = identity.id();
    const restamped = new Map<string, string>();
    identity.load([], (from, to) => restamped.set(from, to), true);
    expect(restamped.get(anns)).not.toBe(restamped.get(bobs));
    expect(identity.person(restamped.get(bobs)!)).toEqual(bob);
    expect(identity.person(restamped.get(anns)!)).toEqual({ externalCustomerId: 'C-ann' });
  });

  it('knows all that is told after a sign-out, read or not', () => {
    const { identity } = createTable();
    identity.identify(bob, () => {});
    identity.reset();
    identity.identify(ann, () => {});
    identity.identify({ externalCustomerId: 'C-ann' }, () => {});
    identity.load([], () => {}, true);
    expect(identity.person(identity.id())).toEqual({ ...ann, externalCustomerId: 'C-ann' });
  });

  it('learns from another tab what it was told there', () => {
    const { identity } = createTable();
    identity.load([], () => {});
    identity.learn('a1', ann);
    expect(identity.person('a1')).toEqual(ann);
  });

  it('forgets people of whom no event is left, but not the one who is here', () => {
    const { identity, shelf } = createTable();
    for (const id of ['a1', 'a2', 'a3']) shelf.set(`p,${id}`, ann);
    identity.load(
      [
        ['a1', ann],
        ['a2', ann],
        ['a3', ann],
      ],
      () => {},
    );
    identity.prune(id => id === 'a3');
    expect([...shelf.keys()]).toEqual(['p,a1', 'p,a3']);
  });

  it('knows of whom it has a row', () => {
    const { identity } = createTable();
    expect(identity.ids()).toEqual([]);
    identity.load([['a2', bob]], () => {});
    identity.identify(ann, () => {});
    identity.load([], () => {});
    expect(identity.ids().sort()).toEqual(['a1', 'a2']);
  });

  it('forgets everybody: each goes on under an id that nobody knows, the one who is here under the new cookie’s', () => {
    const { identity, shelf } = createTable();
    const rows: [string, Person][] = [
      ['a1', ann],
      ['a2', bob],
      ['a3', ann],
    ];
    for (const [id, person] of rows) shelf.set(`p,${id}`, person);
    identity.load(rows, () => {});
    const fresh = identity.forget();
    expect([...fresh.keys()].sort()).toEqual(['a1', 'a2', 'a3']);
    expect(fresh.get('a1')).toBe(identity.id());
    expect(identity.id()).toMatch(/^renewed/);
    // No two of them go on as one.
    expect(new Set([...fresh.keys(), ...fresh.values()]).size).toBe(6);
    expect(shelf.size).toBe(0);
    expect(identity.ids()).toEqual([]);
    for (const id of [...fresh.keys(), ...fresh.values()]) expect(identity.person(id)).toBeUndefined();
  });

  it('leaves the anonymous id of a visitor who was never named, though others are forgotten', () => {
    const { identity } = createTable();
    identity.load([['a2', bob]], () => {});
    expect([...identity.forget().keys()]).toEqual(['a2']);
    expect(identity.id()).toBe('a1');
    expect(identity.forget().size).toBe(0);
  });

  it('forgets who is named on another host of the shop alone', () => {
    const { identity, otherTabKnows } = createTable();
    identity.load([], () => {});
    otherTabKnows(ann);
    expect([...identity.forget()]).toEqual([['a1', 'renewed1']]);
    expect(identity.id()).toBe('renewed1');
    expect(identity.ids()).toEqual([]);
    expect(identity.forget().size).toBe(0);
  });

  it('takes a name again after everybody was forgotten, as news and for the new id', () => {
    const { identity, shelf } = createTable();
    identity.load([['a1', ann]], () => {});
    identity.forget();
    const learned = vi.fn();
    identity.identify(ann, learned);
    identity.load([], () => {});
    expect(learned.mock.calls).toEqual([[false]]);
    expect([...shelf.keys()]).toEqual([`p,${identity.id()}`]);
    expect(identity.id()).not.toBe('a1');
  });
});
