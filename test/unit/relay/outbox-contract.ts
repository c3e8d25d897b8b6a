import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewRow, Outbox } from '../../../src/relay/core/outbox';
import { eventOf, visitorA, visitorB } from './support/events';

const rowOf = (visitor: string, more: Partial<NewRow> = {}): NewRow => {
  const id = randomUUID();
  return { id, at: 1_000, type: 'pageViewed', visitor, body: JSON.stringify(eventOf(id, visitor)), ...more };
};

/** What every outbox must do, whatever it is made of. */
export const describeOutbox = (name: string, open: () => Promise<Outbox>) =>
  describe(`the outbox over ${name}`, () => {
    let outbox: Outbox;
    beforeEach(async () => {
      outbox = await open();
    });
    afterEach(() => outbox.close());

    const add = async (...rows: NewRow[]) => {
      await outbox.add(rows, 1_000);
      return rows.map(row => row.id);
    };
    const claimIds = async (now: number, limit = 10) => (await outbox.claim(now, limit)).map(row => row.id);

    it('stores an id once, and says which were new', async () => {
      const row = rowOf(visitorA);
      expect(await outbox.add([row, row], 1_000)).toEqual([row.id]);
      expect(await outbox.add([row], 2_000)).toEqual([]);
      expect((await outbox.counts()).waiting).toBe(1);
    });

    it('stores what is asked for at the same moment, each with its own answer', async () => {
      const rows = Array.from({ length: 50 }, () => rowOf(randomUUID()));
      const answers = await Promise.all(rows.map(row => outbox.add([row], 1_000)));
      expect(answers).toEqual(rows.map(row => [row.id]));
    });

    it('knows ids in every state, and no others', async () => {
      const [waiting, forwarded, dead, skipped] = [
        rowOf('w'),
        rowOf('f'),
        rowOf('d'),
        rowOf('s', { skip: true }),
      ];
      await add(forwarded!, dead!);
      for (const row of await outbox.claim(1_000, 2)) {
        const outcome =
          row.id === dead!.id ? { kind: 'dead' as const, reason: 'no' } : { kind: 'forwarded' as const };
        await outbox.settle(row, outcome, 1_000);
      }
      await add(waiting!, skipped!);
      const known = await outbox.known([waiting!.id, forwarded!.id, dead!.id, skipped!.id, 'unknown']);
      expect(Object.fromEntries(known)).toEqual({
        [waiting!.id]: 'waiting',
        [forwarded!.id]: 'forwarded',
        [dead!.id]: 'dead',
        [skipped!.id]: 'skipped',
      });
    });

    it('claims one event of a visitor at a time, in their order', async () => {
      const [a1, a2, b1] = await add(rowOf(visitorA), rowOf(visitorA), rowOf(visitorB));
      expect(await claimIds(1_000)).toEqual([a1, b1]);
      expect(await claimIds(1_000)).toEqual([]);
      await outbox.settle({ id: a1!, visitor: visitorA }, { kind: 'forwarded' }, 1_000);
      expect(await claimIds(1_000)).toEqual([a2]);
    });

    it('claims no more than it is asked for', async () => {
      await add(...Array.from({ length: 5 }, () => rowOf(randomUUID())));
      expect(await claimIds(1_000, 2)).toHaveLength(2);
      expect(await claimIds(1_000, 9)).toHaveLength(3);
    });

    it('keeps later events of a visitor waiting while an earlier one is to be tried again', async () => {
      const [first, second] = await add(rowOf(visitorA), rowOf(visitorA));
      await claimIds(1_000);
      await outbox.settle({ id: first!, visitor: visitorA }, { kind: 'later', due: 5_000 }, 1_000);
      expect(await claimIds(4_999)).toEqual([]);
      expect(await outbox.nextDue()).toBe(5_000);
      expect(await claimIds(5_000)).toEqual([first]);
      await outbox.settle({ id: first!, visitor: visitorA }, { kind: 'dead', reason: 'no' }, 5_000);
      expect(await claimIds(5_000)).toEqual([second]);
    });

    it('lets later events of a visitor pass one that stands aside, and offers that one when it is due', async () => {
      const [first, second, third] = await add(rowOf(visitorA), rowOf(visitorA), rowOf(visitorA));
      const row = { id: first!, visitor: visitorA };
      await claimIds(1_000);
      await outbox.settle(row, { kind: 'later', due: 5_000, aside: true }, 1_000);
      expect((await outbox.counts()).aside).toBe(1);
      expect(await claimIds(4_000)).toEqual([second]);
      // Those that do not stand aside keep their order.
      expect(await claimIds(4_000)).toEqual([]);
      const [again] = await outbox.claim(5_000, 10);
      expect(again).toMatchObject({ id: first, tries: 2, aside: true });
      // Once aside, always aside.
      await outbox.settle(row, { kind: 'later', due: 9_000 }, 5_000);
      expect(await outbox.recover(5_000)).toEqual([second]);
      expect(await claimIds(5_000)).toEqual([second]);
      await outbox.settle({ id: second!, visitor: visitorA }, { kind: 'forwarded' }, 5_000);
      expect(await claimIds(9_000)).toEqual([first, third]);
      await outbox.settle(row, { kind: 'forwarded' }, 9_000);
      expect(await claimIds(9_000)).toEqual([]);
      expect((await outbox.counts()).aside).toBe(0);
    });

    it('offers what stands aside after all others, however long it has been due', async () => {
      const aside = await add(...Array.from({ length: 5 }, () => rowOf(randomUUID())));
      for (const row of await outbox.claim(1_000, 10))
        await outbox.settle(row, { kind: 'later', due: 1_000, aside: true }, 1_000);
      const [other] = await add(rowOf(visitorA));
      expect(await claimIds(9_000, 1)).toEqual([other]);
      expect(await outbox.nextDue()).toBe(1_000);
      expect((await claimIds(9_000, 9)).sort()).toEqual(aside.sort());
    });

    it('has what comes after one that stands aside due at once', async () => {
      const [first] = await add(rowOf(visitorA));
      await claimIds(1_000);
      await outbox.settle(
        { id: first!, visitor: visitorA },
        { kind: 'later', due: 5_000, aside: true },
        1_000,
      );
      expect((await outbox.counts()).oldest).toBeUndefined();
      const [second] = await add(rowOf(visitorA));
      expect(await claimIds(1_000)).toEqual([second]);
    });

    it.each([
      ['is given up', () => outbox.prune(1_001, 9_000, 9)],
      ['is erased', () => outbox.forgetVisitor(visitorA)],
      ['waits', async () => {}],
    ])('keeps the order of the others when one that stands aside %s', async (_, act) => {
      const [first] = await add(rowOf(visitorA));
      await claimIds(1_000);
      await outbox.settle({ id: first!, visitor: visitorA }, { kind: 'later', due: 1e6, aside: true }, 1_000);
      await act();
      await outbox.add([rowOf(visitorA), rowOf(visitorA)], 9_000);
      const [second] = await claimIds(9_000);
      expect(await claimIds(9_000)).toEqual([]);
      await outbox.settle({ id: second!, visitor: visitorA }, { kind: 'forwarded' }, 9_000);
      expect(await claimIds(9_000)).toHaveLength(1);
    });

    it('lets an event that came while an earlier one was on its way wait for it', async () => {
      const [first] = await add(rowOf(visitorA));
      await claimIds(1_000);
      const [second] = await add(rowOf(visitorA));
      expect(await claimIds(1_000)).toEqual([]);
      await outbox.settle({ id: first!, visitor: visitorA }, { kind: 'forwarded' }, 1_000);
      expect(await claimIds(1_000)).toEqual([second]);
    });

    it('counts attempts, but not those that a pause made meaningless', async () => {
      const [id] = await add(rowOf(visitorA));
      const tries = async () => (await outbox.claim(1_000, 1))[0]!.tries;
      expect(await tries()).toBe(1);
      await outbox.settle({ id: id!, visitor: visitorA }, { kind: 'later', due: 1_000 }, 1_000);
      expect(await tries()).toBe(2);
      await outbox.settle(
        { id: id!, visitor: visitorA },
        { kind: 'later', due: 1_000, uncounted: true },
        1_000,
      );
      expect(await tries()).toBe(2);
    });

    it('has what was on its way in doubt after a start, and offers it again first', async () => {
      const [first, second] = await add(rowOf(visitorA), rowOf(visitorA));
      await claimIds(1_000);
      expect(await outbox.recover(2_000)).toEqual([first]);
      expect(await outbox.list('inDoubt', 9)).toEqual([first]);
      expect(await claimIds(2_000)).toEqual([first]);
      await outbox.settle({ id: first!, visitor: visitorA }, { kind: 'forwarded' }, 2_000);
      expect(await claimIds(2_000)).toEqual([second]);
      expect(await outbox.list('inDoubt', 9)).toEqual([first]);
      expect(await outbox.recover(2_000)).toEqual([second]);
    });

    it('remembers a doubt through later verdicts', async () => {
      const [id] = await add(rowOf(visitorA));
      const row = { id: id!, visitor: visitorA };
      await claimIds(1_000);
      await outbox.settle(row, { kind: 'later', due: 1_000, inDoubt: true }, 1_000);
      await claimIds(1_000);
      await outbox.settle(row, { kind: 'later', due: 1_000 }, 1_000);
      await claimIds(1_000);
      await outbox.settle(row, { kind: 'forwarded' }, 1_000);
      expect(await outbox.list('inDoubt', 9)).toEqual([id]);
      expect((await outbox.counts()).inDoubt).toBe(1);
    });

    it('counts what stands where, and how old the oldest is', async () => {
      expect(await outbox.counts()).toEqual({
        waiting: 0,
        sending: 0,
        dead: 0,
        inDoubt: 0,
        history: 0,
        subscriptions: 0,
        aside: 0,
        oldest: undefined,
      });
      await outbox.add([rowOf(visitorA), rowOf(visitorB)], 7_000);
      await outbox.add([rowOf('c')], 9_000);
      await outbox.claim(9_000, 1);
      expect(await outbox.counts()).toMatchObject({ waiting: 2, sending: 1, oldest: 7_000 });
    });

    it('lists the newest ids, oldest first', async () => {
      const ids = await add(rowOf('a'), rowOf('b'), rowOf('c'));
      expect(await outbox.list('waiting', 2)).toEqual(ids.slice(1));
    });

    it('keeps dead letters with the platform’s words', async () => {
      const [id] = await add(rowOf(visitorA));
      await claimIds(1_000);
      await outbox.settle({ id: id!, visitor: visitorA }, { kind: 'dead', reason: 'Wrong params' }, 1_000);
      expect(await outbox.deadLetters(9)).toEqual([
        { id, type: 'pageViewed', reason: 'Wrong params', at: 1_000 },
      ]);
    });

    it('erases the oldest dead letters, some megabytes at a time, and still knows their ids', async () => {
      const large = (visitor: string) => rowOf(visitor, { body: `"${'x'.repeat(1_500_000)}"` });
      const rows = ['a', 'b', 'c', 'd', 'e'].map(large);
      await add(...rows);
      await claimIds(1_000);
      for (const row of rows.slice(0, 4)) await outbox.settle(row, { kind: 'dead', reason: 'no' }, 1_000);
      const letters = async () => (await outbox.deadLetters(9)).map(({ id }) => id);
      expect(await outbox.eraseDead(2_000)).toBe(2);
      expect(await letters()).toEqual(rows.slice(2, 4).map(({ id }) => id));
      expect(await outbox.eraseDead(2_000)).toBe(2);
      expect(await outbox.eraseDead(2_000)).toBe(0);
      expect(await outbox.counts()).toMatchObject({ dead: 0, sending: 1 });
      expect(await outbox.add(rows, 3_000)).toEqual([]);
    });

    it('takes a row as due when the clock was set back by hours', async () => {
      const [id] = await add(rowOf(visitorA));
      await claimIds(10 * 3_600_000);
      await outbox.settle(
        { id: id!, visitor: visitorA },
        { kind: 'later', due: 10 * 3_600_000 },
        10 * 3_600_000,
      );
      expect(await claimIds(9.5 * 3_600_000)).toEqual([]);
      expect(await claimIds(1_000)).toEqual([id]);
    });

    describe('its lanes', () => {
      const size = { maxBytes: 1_000_000, overhead: 40 };
      const past = (visitor: string, more: Partial<NewRow> = {}) =>
        rowOf(visitor, { lane: 'history', due: 1_000, ...more });
      const claimPast = async (now: number, limit = 500) =>
        (await outbox.claimHistory(now, limit, size)).map(row => row.id);

      it('do not wait for each other', async () => {
        const [event, subscription, history] = await add(
          rowOf(visitorA),
          rowOf(visitorA, { lane: 'subscription' }),
          past(visitorA),
        );
        expect(await claimIds(1_000)).toEqual([event]);
        expect((await outbox.claim(1_000, 9, 'subscription')).map(row => row.id)).toEqual([subscription]);
        expect(await claimPast(1_000)).toEqual([history]);
        expect(await outbox.counts()).toMatchObject({ sending: 3, history: 1, subscriptions: 1 });
      });

      it('keep their own order', async () => {
        const [first, second] = await add(
          rowOf(visitorA, { lane: 'subscription' }),
          rowOf(visitorA, { lane: 'subscription' }),
        );
        const claim = async () => (await outbox.claim(1_000, 9, 'subscription')).map(row => row.id);
        expect(await claim()).toEqual([first]);
        expect(await claim()).toEqual([]);
        await outbox.settle({ id: first!, visitor: visitorA }, { kind: 'forwarded' }, 1_000);
        expect(await claim()).toEqual([second]);
      });

      it('say when each has something due', async () => {
        await add(past(visitorA, { due: 9_000 }));
        expect(await outbox.nextDue()).toBeUndefined();
        expect(await outbox.nextDue('subscription')).toBeUndefined();
        expect(await outbox.nextDue('history')).toBe(9_000);
      });

      it('have history wait until it is due, then all of it, the oldest of each visitor first', async () => {
        const [a2, b1, a1] = await add(
          past(visitorA, { at: 20, due: 5_000 }),
          past(visitorB, { at: 10, due: 5_001 }),
          past(visitorA, { at: 15, due: 5_000 }),
        );
        expect(await claimPast(4_999)).toEqual([]);
        expect(await claimPast(5_001)).toEqual([a1, a2, b1]);
        expect(await claimPast(5_001)).toEqual([]);
      });

      it('hand out no more history than fits', async () => {
        const ids = await add(...Array.from({ length: 7 }, (_, at) => past(visitorA, { at })));
        expect(await claimPast(1_000, 3)).toEqual(ids.slice(0, 3));
        const bytes = Buffer.byteLength(rowOf(visitorA).body) + 40;
        const few = await outbox.claimHistory(1_000, 500, { maxBytes: 2 * bytes, overhead: 40 });
        expect(few.map(row => row.id)).toEqual(ids.slice(3, 5));
        const one = await outbox.claimHistory(1_000, 500, { maxBytes: 1, overhead: 40 });
        expect(one.map(row => row.id)).toEqual(ids.slice(5, 6));
      });

      it('keep history that was refused before apart from the other, and from other visitors’', async () => {
        const rows = [past(visitorA), past(visitorB), past(visitorB, { at: 1 })];
        const [a, b, b1] = await add(...rows);
        await claimPast(1_000);
        for (const row of rows) await outbox.settle(row, { kind: 'later', due: 2_000 }, 1_000);
        const [fresh] = await add(past('c', { due: 2_000 }));
        expect(await claimPast(2_000)).toEqual([a]);
        expect(await claimPast(2_000)).toEqual([b1, b]);
        expect(await claimPast(2_000)).toEqual([fresh]);
      });

      it('mark named history as on its way, due or not, and only what still waits', async () => {
        const [first, second, gone] = await add(past('a', { due: 9e9 }), past('b', { due: 9e9 }), past('c'));
        await claimPast(1_000);
        const claimed = await outbox.claimThese([second!, gone!, first!, 'unknown']);
        expect(claimed.map(row => row.id)).toEqual([second, first]);
        expect(claimed[0]).toMatchObject({ at: 1_000, received: 1_000, tries: 1 });
        expect(await outbox.list('sending', 9)).toEqual([first, second, gone]);
      });

      it('have history in doubt after a start, and due at once', async () => {
        const [id] = await add(past(visitorA));
        await claimPast(1_000);
        expect(await outbox.recover(2_000)).toEqual([id]);
        expect(await claimPast(2_000)).toEqual([id]);
      });

      it('hand out history when the clock was set back by hours', async () => {
        const [id] = await add(past(visitorA, { due: 10 * 3_600_000 }));
        expect(await claimPast(9.5 * 3_600_000)).toEqual([]);
        expect(await claimPast(1_000)).toEqual([id]);
      });

      it('do not let history that waits by design look like an outbox in trouble', async () => {
        await add(past(visitorA));
        expect((await outbox.counts()).oldest).toBeUndefined();
        await outbox.add([rowOf(visitorA, { lane: 'subscription' })], 7_000);
        expect((await outbox.counts()).oldest).toBe(7_000);
      });

      it('are one ledger', async () => {
        const row = past(visitorA);
        await add(row);
        expect(await outbox.add([rowOf(visitorA, { id: row.id })], 2_000)).toEqual([]);
        await claimPast(1_000);
        await outbox.settle(row, { kind: 'dead', reason: 'Unknown contact' }, 1_000);
        expect((await outbox.deadLetters(9)).map(letter => letter.reason)).toEqual(['Unknown contact']);
      });
    });

    describe('forgetting a visitor', () => {
      it('erases what has not left, history too, and leaves subscriptions and others alone', async () => {
        const [, , subscription, other] = await add(
          rowOf(visitorA),
          rowOf(visitorA, { lane: 'history' }),
          rowOf(visitorA, { lane: 'subscription' }),
          rowOf(visitorB),
        );
        expect(await outbox.forgetVisitor(visitorA)).toBe(2);
        expect(await outbox.list('waiting', 9)).toEqual([subscription, other]);
        expect(await outbox.forgetVisitor(visitorA)).toBe(0);
      });

      it('knows a late copy', async () => {
        const row = rowOf(visitorA);
        await add(row);
        await outbox.forgetVisitor(visitorA);
        expect(await outbox.add([row], 2_000)).toEqual([]);
        expect(await claimIds(2_000)).toEqual([]);
      });

      it('erases dead letters, and what is on its way when it would be tried again', async () => {
        const [dead, sent] = [rowOf(visitorA), rowOf(visitorA)];
        await add(dead, sent);
        await claimIds(1_000);
        await outbox.settle(dead, { kind: 'dead', reason: 'no' }, 1_000);
        await claimIds(1_000);
        expect(await outbox.forgetVisitor(visitorA)).toBe(2);
        await outbox.settle(sent, { kind: 'later', due: 1_000 }, 1_000);
        expect(await outbox.deadLetters(9)).toEqual([]);
        expect(await claimIds(1_000)).toEqual([]);
      });
    });

    describe('forgetting', () => {
      it.each([
        ['email', 'Ann@Example.com'],
        ['phone', '380942583691'],
        ['externalCustomerId', 'A-1'],
        ['email', 'ann@work.example'],
      ])('erases a subscription by %s', async (name, value) => {
        const contact = {
          channels: [
            { type: 'email', value: 'ann@example.com' },
            { type: 'sms', value: '380942583691' },
          ],
          externalCustomerId: 'A-1',
          fields: [{ id: '1', value: 'ann@work.example' }],
        };
        await add(rowOf(visitorA, { lane: 'subscription', body: JSON.stringify({ contact }) }));
        expect(await outbox.forget({ [name]: `${value}x` })).toBe(0);
        expect(await outbox.forget({ [name]: value })).toBe(1);
      });

      const withEmail = (visitor: string, email: string) => {
        const row = rowOf(visitor);
        const event = eventOf(row.id, visitor);
        event.params.push({ name: 'email', value: email });
        return { ...row, body: JSON.stringify(event) };
      };

      it('erases a person and the rest of that visitor, and leaves others alone', async () => {
        const [, , , other] = await add(
          rowOf(visitorA),
          withEmail(visitorA, 'Ann@Example.com'),
          rowOf(visitorA),
          withEmail(visitorB, 'bob@example.com'),
        );
        expect(await outbox.forget({ email: 'ann@example.com' })).toBe(3);
        expect(await outbox.list('waiting', 9)).toEqual([other]);
        expect(await claimIds(1_000)).toEqual([other]);
      });

      it('erases dead letters, and still knows a repeat', async () => {
        const row = withEmail(visitorA, 'ann@example.com');
        await add(row);
        await claimIds(1_000);
        await outbox.settle(row, { kind: 'dead', reason: 'no' }, 1_000);
        expect(await outbox.forget({ email: 'ann@example.com' })).toBe(1);
        expect(await outbox.deadLetters(9)).toEqual([]);
        expect(await outbox.add([row], 2_000)).toEqual([]);
      });

      it.each([
        ['tried again', { kind: 'later', due: 1_000, inDoubt: true }],
        ['refused', { kind: 'dead', reason: 'no' }],
        ['forwarded', { kind: 'forwarded' }],
      ] as const)('erases what is on its way when it would be %s', async (_, outcome) => {
        const row = withEmail(visitorA, 'ann@example.com');
        await add(row);
        await claimIds(1_000);
        expect(await outbox.forget({ email: 'ann@example.com' })).toBe(1);
        const [next] = await add(rowOf(visitorA));
        await outbox.settle(row, outcome, 1_000);
        expect(await outbox.deadLetters(9)).toEqual([]);
        expect(await claimIds(1_000)).toEqual([next]);
      });

      it('erases what was on its way when the process ended', async () => {
        const row = withEmail(visitorA, 'ann@example.com');
        await add(row);
        await claimIds(1_000);
        await outbox.forget({ email: 'ann@example.com' });
        const [next] = await add(rowOf(visitorA));
        await outbox.recover(1_000);
        expect(await claimIds(1_000)).toEqual([next]);
      });

      const withParam = (value: unknown, name = 'contactJson') => {
        const row = rowOf(visitorA);
        const event = eventOf(row.id, visitorA);
        event.params.push({ name, value });
        return { ...row, body: JSON.stringify(event) };
      };

      const inText = {
        firstname: 'Ann',
        email: 'ann@example.com',
        sms: '+380501234567',
        viber: 380501234567,
      };
      it.each([
        ['an email in JSON text', JSON.stringify(inText), { email: 'Ann@example.com' }],
        ['a phone in JSON text', JSON.stringify(inText), { phone: '+380501234567' }],
        ['a phone that is a number in JSON text', JSON.stringify(inText), { phone: '380501234567' }],
        ['an email in a list in JSON text', ' ["ann@example.com"]', { email: 'ann@example.com' }],
        [
          'an email in JSON text in JSON text',
          { a: [JSON.stringify([JSON.stringify(inText)])] },
          { email: 'ann@example.com' },
        ],
        [
          'an email whose letters are written as numbers there',
          '{"email":"\\u0406\\u043b\\u043b\\u044f\\u0040example.com"}',
          { email: 'Ілля@example.com' },
        ],
      ])('finds %s', async (_, value, locators) => {
        await add(withParam(value));
        expect(await outbox.forget({ email: 'nn@example.com', phone: '38050123456' })).toBe(0);
        expect(await outbox.forget(locators as Record<string, string>)).toBe(1);
      });

      it.each([
        ['Ілля@example.com', 'ілля@example.com'],
        ['ілля@пошта.укр', 'ІЛЛЯ@ПОШТА.УКР'],
        ['JOSÉ@Example.com', 'josé@example.com'],
        ['"Ann B"@example.com', '"ann b"@example.com'],
      ])('finds an email in another case: %s by %s', async (stored, asked) => {
        await add(withParam(stored, 'email'));
        expect(await outbox.forget({ email: `x${asked}` })).toBe(0);
        expect(await outbox.forget({ email: asked })).toBe(1);
      });

      it.each([
        ['that is no JSON', '{"email":'],
        ['that nests without end', `${'['.repeat(9_000)}${']'.repeat(9_000)}`],
        [
          'that nests without end inside JSON text',
          JSON.stringify(`${'['.repeat(9_000)}${']'.repeat(9_000)}`),
        ],
      ])('is not stopped by a text %s', async (_, value) => {
        const row = withParam(value);
        const event = JSON.parse(row.body);
        event.params.push({ name: 'email', value: 'ann@example.com' });
        await add({ ...row, body: JSON.stringify(event) });
        expect(await outbox.forget({ email: 'ann@example.com' })).toBe(1);
      });

      it('does not take a quantity in JSON text for an id', async () => {
        await add(withParam('{"quantity":"5"}'));
        expect(await outbox.forget({ externalCustomerId: '5' })).toBe(0);
      });

      it('does not take a quantity for an id', async () => {
        const row = rowOf(visitorA);
        const event = eventOf(row.id, visitorA);
        event.params.push({ name: 'items', value: { quantity: '5' } });
        await add({ ...row, body: JSON.stringify(event) });
        expect(await outbox.forget({ externalCustomerId: '5' })).toBe(0);
      });
    });

    describe('the retention', () => {
      it('removes what was settled before it, and only that', async () => {
        const [old, recent] = await add(rowOf(visitorA), rowOf(visitorB));
        await claimIds(1_000);
        await outbox.settle({ id: old!, visitor: visitorA }, { kind: 'forwarded' }, 2_000);
        await outbox.settle({ id: recent!, visitor: visitorB }, { kind: 'forwarded' }, 3_000);
        expect(await outbox.prune(500, 9_000, 10)).toBe(0);
        // Both were received before 2,500, but a verdict counts from when it came.
        expect(await outbox.prune(2_500, 9_000, 10)).toBe(1);
        expect([...(await outbox.known([old!, recent!])).keys()]).toEqual([recent]);
      });

      it('makes a dead letter of what never got a verdict, and lets the next one go', async () => {
        await outbox.add(
          ['first-of-a', 'second-of-a'].map(id => rowOf(visitorA, { id })),
          1_000,
        );
        for (let tries = 0; tries < 6; tries++) {
          expect(await claimIds(1_000)).toEqual(['first-of-a']);
          await outbox.settle({ id: 'first-of-a', visitor: visitorA }, { kind: 'later', due: 1_000 }, 1_000);
        }
        expect(await outbox.prune(2_000, 9_000, 10)).toBe(1);
        expect((await outbox.deadLetters(9)).map(letter => letter.id)).toEqual(['first-of-a']);
        // As old, but it has hardly been offered.
        expect(await outbox.prune(2_000, 9_000, 10)).toBe(0);
        expect(await claimIds(9_000)).toEqual(['second-of-a']);
      });

      it('makes a dead letter a day later of what could not be offered', async () => {
        const day = 86_400_000;
        await outbox.add([rowOf(visitorA, { id: 'never-offered' })], 1_000);
        expect(await outbox.prune(1_000 + day, 2 * day, 10)).toBe(0);
        expect(await outbox.prune(1_001 + day, 2 * day, 10)).toBe(1);
        expect((await outbox.deadLetters(9)).map(letter => letter.id)).toEqual(['never-offered']);
      });

      it('goes in steps of the limit', async () => {
        await add(rowOf('a', { skip: true }), rowOf('b', { skip: true }), rowOf('c', { skip: true }));
        expect(await outbox.prune(2_000, 9_000, 2)).toBe(2);
        expect(await outbox.prune(2_000, 9_000, 2)).toBe(1);
      });
    });
  });
