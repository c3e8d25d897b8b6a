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

    describe('forgetting', () => {
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
        await outbox.add([rowOf(visitorA, { id: 'first-of-a' })], 1_000);
        await outbox.add([rowOf(visitorA, { id: 'second-of-a' })], 5_000);
        expect(await outbox.prune(2_000, 9_000, 10)).toBe(1);
        expect((await outbox.deadLetters(9)).map(letter => letter.id)).toEqual(['first-of-a']);
        expect(await claimIds(9_000)).toEqual(['second-of-a']);
      });

      it('goes in steps of the limit', async () => {
        await add(rowOf('a', { skip: true }), rowOf('b', { skip: true }), rowOf('c', { skip: true }));
        expect(await outbox.prune(2_000, 9_000, 2)).toBe(2);
        expect(await outbox.prune(2_000, 9_000, 2)).toBe(1);
      });
    });
  });
