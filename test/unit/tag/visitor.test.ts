import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createVisitor } from '../../../src/tag/identity/visitor';
import { createJar } from './jar';

const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
const DAY = 86_400_000;
/** Weeks of the cookie begin at multiples of seven days since 1970. */
const WEEK = 7 * DAY;
const start = 2_900 * WEEK;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(start);
});
afterEach(() => vi.useRealTimers());

/** Places in the locators. */
const [EXTERNAL, EMAIL, PHONE] = [1, 2, 3];

describe('who is known', () => {
  it('is told to every tab and host by the cookie, which names nobody', () => {
    const jar = createJar();
    const www = createVisitor(jar);
    const account = createVisitor(jar);
    www.id();
    expect(account.isKnown()).toBe(false);
    www.markKnown({ email: 'ann@shop.test', phone: '380501234567' });
    expect(account.isKnown()).toBe(true);
    expect(account.recognizes(EMAIL!, 'ann@shop.test')).toBe(true);
    expect(account.recognizes(EMAIL!, 'bob@shop.test')).toBe(false);
    expect(account.recognizes(PHONE!, '380501234567')).toBe(true);
    expect(account.recognizes(EXTERNAL!, '7')).toBe(undefined);
    expect(account.isTold({ email: 'ann@shop.test', phone: '380501234567' })).toBe(true);
    expect(account.isTold({ phone: '380501234567' })).toBe(false);
    expect(account.isTold({ email: 'bob@shop.test', phone: '380501234567' })).toBe(false);
    expect(jar.read()).toMatch(/^[\da-f-]{36}\.[\da-z]+\.--[\da-z]{2}-[\da-z]{2}-$/);
  });

  it('grows with what each is told, and is written for news only', () => {
    const jar = createJar();
    const www = createVisitor(jar);
    const account = createVisitor(jar);
    const id = www.id();
    www.markKnown({ email: 'ann@shop.test' });
    account.markKnown({ externalCustomerId: '7' });
    expect(jar.written).toHaveLength(3);
    account.markKnown({ externalCustomerId: '7', email: 'ann@shop.test' });
    www.markKnown({ email: 'ann@shop.test' });
    expect(jar.written).toHaveLength(3);
    expect(www.id()).toBe(id);
    expect(www.isTold({ email: 'ann@shop.test', externalCustomerId: '7' })).toBe(true);
    // Another address of the same account.
    www.markKnown({ email: 'ann@new.test', externalCustomerId: '7' });
    expect(account.recognizes(EMAIL!, 'ann@shop.test')).toBe(false);
    expect(account.recognizes(EMAIL!, 'ann@new.test')).toBe(true);
  });

  it('stays when the cookie is written again in another week, and goes with the id', () => {
    const jar = createJar();
    const visitor = createVisitor(jar);
    visitor.id();
    visitor.renew();
    visitor.markKnown({ email: 'ann@shop.test' });
    const [, written, print] = jar.read()!.split('.');
    expect(written).toMatch(/^r/);
    vi.setSystemTime(start + WEEK);
    visitor.id();
    expect(jar.read()!.split('.')[1]).toMatch(/^r/);
    expect(jar.read()!.split('.')[1]).not.toBe(written);
    expect(jar.read()!.split('.')[2]).toBe(print);
    visitor.renew();
    expect(visitor.isKnown()).toBe(false);
    expect(visitor.isTold({ email: 'ann@shop.test' })).toBe(false);
  });

  it('looks different in each browser: nobody can look a person up by it', () => {
    const prints = Array.from({ length: 20 }, () => {
      const jar = createJar();
      const visitor = createVisitor(jar);
      visitor.id();
      visitor.markKnown({ email: 'ann@shop.test' });
      return jar.read()!.split('.')[2];
    });
    expect(new Set(prints).size).toBeGreaterThan(15);
  });
});

describe('the anonymous id', () => {
  it('is a uuid, made once and kept in the cookie for every tab', () => {
    const jar = createJar();
    const visitor = createVisitor(jar);
    const id = visitor.id();
    expect(id).toMatch(UUID);
    expect(jar.read()!.split('.')[0]).toBe(id);
    expect(visitor.id()).toBe(id);
    expect(createVisitor(jar).id()).toBe(id);
    expect(jar.written).toHaveLength(1);
  });

  it('is read at each call: a tab that slept through a change of person speaks for the new one', () => {
    const jar = createJar();
    const sleeping = createVisitor(jar);
    const before = sleeping.id();
    const renewed = createVisitor(jar).renew();
    expect(renewed).not.toBe(before);
    expect(sleeping.id()).toBe(renewed);
  });

  it('is the other tab’s when that has written in the same moment, now and in what comes', () => {
    const theirs = '0b8f3c1e-6f5d-4c58-9a3e-0d6f0e2b7a11';
    const jar = createJar('damaged');
    const write = jar.write;
    jar.write = text => {
      write(text);
      jar.write = write;
      return write(`${theirs}.abc`);
    };
    const visitor = createVisitor(jar);
    expect(visitor.id()).toBe(theirs);
    expect(visitor.id()).toBe(theirs);
    expect(createVisitor(jar).id()).toBe(theirs);
  });

  it('is the other tab’s too when both found none, and what was told of ours meanwhile is theirs', () => {
    const jar = createJar();
    const one = createVisitor(jar);
    const other = createVisitor({ ...jar, all: () => [] });
    const first = one.id();
    const second = other.id();
    expect(second).not.toBe(first);
    expect(one.id()).toBe(second);
    const restamped: string[][] = [];
    one.agree((...ids) => restamped.push(ids));
    one.agree((...ids) => restamped.push(ids));
    expect(restamped).toEqual([[first, second]]);
  });

  it('is looked at once when it is made; whether the browser took it, the next look tells', () => {
    const jar = createJar();
    let looks = 0;
    const all = () => {
      looks++;
      return jar.all();
    };
    const visitor = createVisitor({ ...jar, all, read: () => all()[0] });
    const id = visitor.id();
    expect(looks).toBe(1);
    expect(visitor.id()).toBe(id);
    expect(looks).toBe(2);
    expect(jar.written).toHaveLength(1);
  });

  it('is the same when the browser did not take it at first, against all expectation', () => {
    const jar = createJar();
    const tried: string[] = [];
    const put = (text: string) => {
      tried.push(text);
      return text;
    };
    const visitor = createVisitor({ ...jar, put });
    const id = visitor.id();
    expect(jar.read()).toBeUndefined();
    expect(visitor.id()).toBe(id);
    expect(jar.read()).toBe(tried[0]);
    expect(createVisitor(jar).id()).toBe(id);
  });

  it('is the other tab’s when that is there as soon as ours is put', () => {
    const theirs = '0b8f3c1e-6f5d-4c58-9a3e-0d6f0e2b7a11';
    const jar = createJar();
    const visitor = createVisitor({ ...jar, put: () => jar.write(`${theirs}.abc`) });
    expect(visitor.id()).toBe(theirs);
    expect(visitor.id()).toBe(theirs);
    expect(visitor.isLost()).toBe(false);
  });

  it('is another one after renew(), and stays that', () => {
    const jar = createJar();
    const visitor = createVisitor(jar);
    const before = visitor.id();
    const id = visitor.renew();
    expect(id).toMatch(UUID);
    expect(id).not.toBe(before);
    expect(visitor.id()).toBe(id);
    expect(jar.read()).toContain(id);
  });

  it('is written again once in another week, so that the cookie’s 400 days begin anew', () => {
    const jar = createJar();
    const visitor = createVisitor(jar);
    const id = visitor.id();
    vi.setSystemTime(start + WEEK - 1);
    visitor.id();
    expect(jar.written).toHaveLength(1);
    vi.setSystemTime(start + WEEK);
    expect(visitor.id()).toBe(id);
    expect(jar.written).toHaveLength(2);
    expect(jar.written[1]).not.toBe(jar.written[0]);
    expect(visitor.id()).toBe(id);
    vi.setSystemTime(start + 2 * WEEK - 1);
    expect(visitor.id()).toBe(id);
    expect(jar.written).toHaveLength(2);
    vi.setSystemTime(start + 60 * WEEK);
    expect(createVisitor(jar).id()).toBe(id);
    expect(jar.written).toHaveLength(3);
  });

  it('is kept when only the week of its cookie is damaged, and that is healed', () => {
    for (const tail of ['', '.', '.?', '.a.b']) {
      const jar = createJar(`0b8f3c1e-6f5d-4c58-9a3e-0d6f0e2b7a11${tail}`);
      const visitor = createVisitor(jar);
      expect(visitor.id()).toBe('0b8f3c1e-6f5d-4c58-9a3e-0d6f0e2b7a11');
      visitor.id();
      expect(jar.written).toHaveLength(1);
    }
  });

  it.each([
    '',
    '.',
    '.abc',
    'undefined',
    'null.abc',
    '0b8f3c1e',
    '0b8f3c1e-6f5d-4c58-9a3e-0d6f0e2b7a11x.abc',
    'x0b8f3c1e-6f5d-4c58-9a3e-0d6f0e2b7a11.abc',
    '0B8F3C1E-6F5D-4C58-9A3E-0D6F0E2B7A11.abc',
    '<script>.abc',
  ])('heals the damaged cookie %j with a new id that stays', damaged => {
    const jar = createJar(damaged);
    const visitor = createVisitor(jar);
    const id = visitor.id();
    expect(id).toMatch(UUID);
    expect(damaged).not.toContain(id);
    expect(visitor.id()).toBe(id);
    expect(createVisitor(jar).id()).toBe(id);
  });

  it('heals a damaged cookie that hides what is written: it is removed first', () => {
    const jar = createJar('damaged', 'hidden');
    const visitor = createVisitor(jar);
    const id = visitor.id();
    expect(id).toMatch(UUID);
    expect(visitor.id()).toBe(id);
    expect(createVisitor(jar).id()).toBe(id);
  });

  it('lives as long as the page when the browser refuses cookies', () => {
    const jar = createJar(undefined, 'refused');
    const visitor = createVisitor(jar);
    const id = visitor.id();
    expect(id).toMatch(UUID);
    expect(visitor.id()).toBe(id);
    expect(createVisitor(jar).id()).not.toBe(id);
  });

  it('is another one after renew() when the browser refuses cookies, and stays that', () => {
    const visitor = createVisitor(createJar(undefined, 'refused'));
    const before = visitor.id();
    const id = visitor.renew();
    expect(id).not.toBe(before);
    expect(visitor.id()).toBe(id);
    expect(visitor.id()).toBe(id);
  });

  it('begins anew when the visitor deletes the cookie while the page is open', () => {
    const jar = createJar();
    const visitor = createVisitor(jar);
    const before = visitor.id();
    visitor.id();
    jar.remove();
    const id = visitor.id();
    expect(id).not.toBe(before);
    expect(visitor.id()).toBe(id);
  });

  // the id lives as long as the page, as with refused cookies; each call makes another visitor.
  it('stays for the page when a damaged cookie can be neither replaced nor removed', () => {
    const visitor = createVisitor(createJar('damaged', 'stuck'));
    expect(visitor.id()).toBe(visitor.id());
  });

  // the new id, at least for this page; else what the next person does is told as the person's before.
  it('is another one after renew() when the cookie cannot be changed', () => {
    const visitor = createVisitor(createJar('0b8f3c1e-6f5d-4c58-9a3e-0d6f0e2b7a11.abc', 'stuck'));
    const id = visitor.renew();
    expect(visitor.id()).toBe(id);
  });

  it('knows of nobody where its own cookie is not taken, whatever the one says that is there', () => {
    const there = '0b8f3c1e-6f5d-4c58-9a3e-0d6f0e2b7a11.abc.--a7--';
    const visitor = createVisitor(createJar(there, 'stuck'));
    expect(visitor.isKnown()).toBe(true);
    visitor.renew();
    expect(visitor.isKnown()).toBe(false);
    visitor.markKnown({ email: 'ann@shop.test' });
    expect(visitor.isKnown()).toBe(false);
  });

  it('is lost when the cookie went while the page was away, until it is asked for again', () => {
    const jar = createJar();
    const visitor = createVisitor(jar);
    visitor.id();
    expect(visitor.isLost()).toBe(false);
    // The page hides.
    visitor.agree(() => {});
    jar.remove();
    expect(visitor.isLost()).toBe(true);
    expect(jar.written).toHaveLength(1);
    visitor.id();
    expect(visitor.isLost()).toBe(false);
  });

  it('is lost too when it was another page’s', () => {
    const jar = createJar();
    createVisitor(jar).id();
    const visitor = createVisitor(jar);
    visitor.id();
    jar.remove();
    expect(visitor.isLost()).toBe(true);
  });

  it('is not lost while this page has never had one, nor makes one by the question', () => {
    const jar = createJar();
    expect(createVisitor(jar).isLost()).toBe(false);
    expect(jar.written).toEqual([]);
  });

  it('is not lost when another tab began a new one', () => {
    const jar = createJar();
    const visitor = createVisitor(jar);
    visitor.id();
    createVisitor(jar).renew();
    expect(visitor.isLost()).toBe(false);
  });

  it('is not lost where the browser refuses cookies', () => {
    const visitor = createVisitor(createJar(undefined, 'refused'));
    visitor.id();
    expect(visitor.isLost()).toBe(false);
    visitor.renew();
    expect(visitor.isLost()).toBe(false);
  });
});
