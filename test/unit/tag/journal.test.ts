// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createJournal, type Entry } from '../../../src/tag/storage/journal';

const places = () => Object.keys(localStorage).filter(key => key.startsWith('shoptrail.'));
const put = (page: string, seq: number): Entry => [['e', page, seq], { id: `${page} ${seq}` }];
const gone = (page: string, from: number, to: number): Entry => [
  ['e', page, from],
  undefined,
  ['e', page, to],
];

/** What a page would find. */
const leftFor = (page: string) => createJournal(page).left().left;

/** From now on localStorage holds no more than this, in characters. Answers how often something did not find room. */
const narrow = (room = 0) => {
  const real = localStorage;
  const full = vi.fn(() => {
    throw new DOMException('full', 'QuotaExceededError');
  });
  const methods = {
    setItem(this: Record<string, string>, place: string, text: string) {
      const others = Object.keys(this).filter(other => other !== place);
      if (others.reduce((sum, other) => sum + this[other]!.length, text.length) > room) full();
      this[place] = text;
      real.setItem(place, text);
    },
    removeItem(this: Record<string, string>, place: string) {
      delete this[place];
      real.removeItem(place);
    },
  };
  vi.stubGlobal('localStorage', Object.assign(Object.create(methods), { ...real }));
  return full;
};

beforeEach(() => localStorage.clear());

describe('the journal', () => {
  it('keeps what the database does not have yet, and nothing once it has', () => {
    const journal = createJournal('p1');
    const entries = [put('p1', 0), put('p1', 1)];
    journal.add(entries);
    expect(leftFor('p2')).toEqual(entries);
    journal.done([entries[0]!]);
    expect(leftFor('p2')).toEqual([entries[1]]);
    journal.done(entries);
    expect(places()).toEqual([]);
  });

  it('is one key for each page: two tabs never overwrite each other', () => {
    createJournal('p1').add([put('p1', 0)]);
    createJournal('p2').add([put('p2', 0)]);
    expect(places().sort()).toEqual(['shoptrail.p1', 'shoptrail.p2']);
    expect(leftFor('p1')).toEqual([put('p2', 0)]);
  });

  it('is forgotten when the database has what was left, and only as far as it was read', () => {
    createJournal('p1').add([put('p1', 0)]);
    const { clear } = createJournal('p2').left();
    // This came when the others were on their way to the database.
    createJournal('p3').add([put('p3', 0)]);
    clear();
    expect(places()).toEqual(['shoptrail.p3']);
  });

  it('goes on in the next page where there is no database, without what was removed, and does not grow', () => {
    const first = createJournal('p1');
    for (let seq = 0; seq < 5; seq++) first.add([put('p1', seq)]);
    first.add([[['p', 'ann'], { email: 'a' }]]);
    const second = createJournal('p2');
    expect(second.takeOver()).toHaveLength(6);
    second.add([gone('p1', 1, 3)]);
    second.add([[['p', 'ann'], undefined, ['p', 'ann']]]);
    second.add([put('p2', 0)]);
    const third = createJournal('p3');
    expect(third.takeOver()).toEqual([put('p1', 0), put('p1', 4), put('p2', 0)]);
    expect(places()).toEqual(['shoptrail.p3']);
  });

  it('tells again what it has taken over, and not what was removed meanwhile: a page asks more than once', () => {
    createJournal('p1').add([put('p1', 0), put('p1', 1), put('p1', 2)]);
    const second = createJournal('p2');
    second.add([put('p2', 0)]);
    const all = [put('p1', 0), put('p1', 1), put('p1', 2), put('p2', 0)];
    expect(second.takeOver()).toEqual(all);
    expect(second.takeOver()).toEqual(all);
    second.add([gone('p1', 0, 1)]);
    createJournal('p3').add([put('p3', 0)]);
    expect(second.takeOver()).toEqual([put('p1', 2), put('p3', 0), put('p2', 0)]);
    expect(places()).toEqual(['shoptrail.p2']);
  });

  it('keeps what a living page has written since it was read', () => {
    const living = createJournal('p1');
    living.add([put('p1', 0)]);
    const { left, clear } = createJournal('p2').left();
    // The database is taking what was left.
    living.add([put('p1', 1)]);
    clear();
    expect(left).toEqual([put('p1', 0)]);
    expect(leftFor('p3')).toEqual([put('p1', 0), put('p1', 1)]);
  });

  it('is passed to and fro by the pages of two tabs without a database, and holds each event once', () => {
    let other = createJournal('b0');
    const tracked = new Set<string>();
    const add = (journal: typeof other, page: string, seq: number) => {
      journal.add([put(page, seq)]);
      tracked.add(`${page} ${seq}`);
    };
    for (let round = 1; round <= 20; round++) {
      const mine = createJournal(`a${round}`);
      mine.takeOver();
      add(mine, `a${round}`, 0);
      // The page that stays open in the other tab writes again what was taken from it.
      add(other, `b${round - 1}`, round);
      other = createJournal(`b${round}`);
      other.takeOver();
      add(mine, `a${round}`, 1);
    }
    for (const place of places()) expect(JSON.parse(localStorage[place]).length).toBeLessThanOrEqual(60);
    const there = createJournal('c').takeOver();
    expect(there).toHaveLength(60);
    expect(new Set(there.map(([, value]) => (value as { id: string }).id))).toEqual(tracked);
  });

  it('takes what a living page has learned since over what it took of it before, but not over its own', () => {
    const person = (email: string): Entry => [['p', 'ann'], { email }];
    const living = createJournal('p1');
    living.add([person('a@shop.test')]);
    const mine = createJournal('p2');
    expect(mine.takeOver()).toEqual([person('a@shop.test')]);
    living.add([person('b@shop.test')]);
    expect(mine.takeOver().at(-1)).toEqual(person('b@shop.test'));
    living.add([put('p1', 0)]);
    expect(mine.takeOver()).toContainEqual(put('p1', 0));
    living.add([gone('p1', 0, 0)]);
    expect(mine.takeOver()).not.toContainEqual(put('p1', 0));
    mine.add([person('c@shop.test')]);
    living.add([person('d@shop.test')]);
    expect(mine.takeOver().at(-1)).toEqual(person('c@shop.test'));
  });

  it('keeps the last event of a page that has delivered a thousand', () => {
    const journal = createJournal('p1');
    for (let seq = 0; seq < 1000; seq++) {
      journal.add([put('p1', seq)]);
      journal.add([gone('p1', seq, seq)]);
    }
    journal.add([put('p1', 1000)]);
    expect(createJournal('p2').takeOver()).toEqual([put('p1', 1000)]);
  });

  it('takes nothing away that it has no room for', () => {
    createJournal('p1').add([put('p1', 0), put('p1', 1)]);
    const full = narrow(localStorage['shoptrail.p1'].length * 1.8);
    const second = createJournal('p2');
    expect(second.takeOver()).toEqual([put('p1', 0), put('p1', 1)]);
    expect(full).toHaveBeenCalled();
    // There is room for its own.
    second.add([put('p2', 0)]);
    vi.unstubAllGlobals();
    expect(leftFor('p3')).toEqual([put('p1', 0), put('p1', 1), put('p2', 0)]);
  });

  it('keeps its own when it is full, whatever a living page writes again', () => {
    const living = createJournal('p1');
    living.add(Array.from({ length: 1000 }, (_, seq) => put('p1', seq)));
    const mine = createJournal('p2');
    mine.takeOver();
    const own = Array.from({ length: 503 }, (_, seq) => put('p2', seq));
    mine.add(own);
    for (let seq = 0; seq < 500; seq++) mine.add([gone('p1', seq, seq)]);
    living.add([put('p1', 1000)]);
    mine.takeOver();
    mine.add([put('p2', 503)]);
    const there = leftFor('p3');
    expect(there).toEqual(expect.arrayContaining([...own, put('p2', 503)]));
    expect(new Set(there.map(([key]) => `${key}`)).size).toBe(there.length);
  });

  it('passes by what it cannot read, and leaves it where it is', () => {
    createJournal('p1').add([put('p1', 0)]);
    localStorage['shoptrail.else'] = 'on';
    createJournal('p3').add([put('p3', 0)]);
    const { left, clear } = createJournal('p4').left();
    expect(left).toEqual([put('p1', 0), put('p3', 0)]);
    clear();
    expect(places()).toEqual(['shoptrail.else']);
  });

  it('goes on with the localStorage it had in a window that has none any more', () => {
    const closing = createJournal('p1');
    closing.left();
    const entries = [put('p1', 0)];
    vi.stubGlobal('localStorage', null);
    closing.add(entries);
    vi.unstubAllGlobals();
    expect(leftFor('p2')).toEqual(entries);
  });

  it('is bounded, and none where localStorage is full', () => {
    const journal = createJournal('p1');
    for (let seq = 0; seq < 2100; seq++) journal.add([put('p1', seq)]);
    expect(leftFor('p2')).toHaveLength(2000);
    const full = narrow();
    expect(() => createJournal('p3').add([put('p3', 0)])).not.toThrow();
    expect(full).toHaveBeenCalled();
    vi.unstubAllGlobals();
    expect(places()).toEqual(['shoptrail.p1']);
  });
});
