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
    const all = [put('p2', 0), put('p1', 0), put('p1', 1), put('p1', 2)];
    expect(second.takeOver()).toEqual(all);
    expect(second.takeOver()).toEqual(all);
    second.add([gone('p1', 0, 1)]);
    createJournal('p3').add([put('p3', 0)]);
    expect(second.takeOver()).toEqual([put('p2', 0), put('p1', 2), put('p3', 0)]);
    expect(places()).toEqual(['shoptrail.p2']);
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
    const full = localStorage.setItem;
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    expect(() => createJournal('p3').add([put('p3', 0)])).not.toThrow();
    Storage.prototype.setItem = full;
  });
});
