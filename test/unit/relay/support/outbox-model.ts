import { expect, vi } from 'vitest';
import type { ClaimedRow, Lane, Outbox, RowState } from '../../../../src/relay/core/outbox';
import { eventOf } from './events';

/** A row as the contract tells of it. They stand in the order in which they came. */
export interface Row {
  id: string;
  lane: Lane;
  visitor: string;
  email: string;
  body: string;
  state: RowState;
  received: number;
  due: number;
  tries: number;
  aside: boolean;
  inDoubt: boolean;
  settled?: number;
}

const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;
const start = Date.UTC(2026, 6, 1);
const lanes = ['event', 'subscription', 'history'] as const;

/** An outbox and its model side by side. Each step is done to both, and their answers must agree. */
export const beside = (open: () => Outbox, reopen: (outbox: Outbox) => Promise<Outbox>) => {
  let outbox = open();
  let rows: Row[] = [];
  let onTheirWay: ClaimedRow[] = [];
  let time = start;
  vi.setSystemTime(time);
  const made: (Pick<Row, 'id' | 'visitor' | 'email' | 'body' | 'lane'> & { type: string })[] = [];

  const isOpen = (row: Row) => row.state === 'waiting' || row.state === 'sending';
  const isFirst = (row: Row) =>
    rows.find(one => one.lane === row.lane && one.visitor === row.visitor && isOpen(one) && !one.aside) ===
    row;
  const isDue = (row: Row) =>
    row.state === 'waiting' && row.due <= time && (row.aside || row.lane === 'history' || isFirst(row));
  const end = (row: Row, state: RowState) => {
    Object.assign(row, { state, settled: time, body: state === 'dead' ? row.body : '' });
  };
  const erase = (found: Row[]) => {
    const erased = found.filter(row => row.body);
    for (const row of erased) {
      if (row.state === 'sending') row.body = '';
      else Object.assign(row, { state: 'forgotten', body: '', settled: row.settled ?? time });
    }
    return erased.length;
  };
  const put = async (row: (typeof made)[0]) => {
    const isNew = !rows.some(known => known.id === row.id);
    expect(await outbox.add([{ ...row, at: time }], time)).toEqual(isNew ? [row.id] : []);
    const fresh = {
      state: 'waiting' as const,
      received: time,
      due: time,
      tries: 0,
      aside: false,
      inDoubt: false,
    };
    if (isNew) rows.push({ ...row, ...fresh });
  };

  const steps = {
    async add(visitorAt: number, person: number, to: Lane, size: number) {
      const [id, visitor, email] = [`id-${made.length}`, `visitor-${visitorAt}`, `person-${person}@x.ua`];
      const event = eventOf(id, visitor);
      event.params.push({ name: 'email', value: email }, { name: 'text', value: `<${id}>`.repeat(size / 6) });
      made.push({ id, visitor, email, body: JSON.stringify(event), lane: to, type: 'pageViewed' });
      await put(made.at(-1)!);
    },
    addAgain: async (at: number) => made.length && put(made[at % made.length]!),
    async claim(from: Lane, limit: number) {
      const due = rows.filter(row => row.lane === from && isDue(row));
      const claimed =
        from === 'history'
          ? await outbox.claimHistory(time, limit, { maxBytes: 1e6, overhead: 0 })
          : await outbox.claim(time, limit, from);
      if (from === 'history') expect(claimed.length > 0).toBe(due.length > 0);
      else expect(claimed).toHaveLength(Math.min(limit, due.length));
      for (const { id, body, tries, aside } of claimed) {
        const known = due.find(one => one.id === id);
        expect({ id, body, tries, aside }).toEqual({
          id: known?.id,
          body: known?.body,
          tries: known!.tries + 1,
          aside: known?.aside,
        });
        Object.assign(known!, { state: 'sending', tries });
      }
      onTheirWay.push(...claimed);
    },
    async settle(at: number, what: string, ms: number, inDoubt: boolean) {
      const [claimed] = onTheirWay.splice(at % onTheirWay.length, 1);
      if (!claimed) return;
      const row = rows.find(one => one.id === claimed.id)!;
      if (what === 'forwarded' || what === 'dead') {
        await outbox.settle(claimed, { kind: what, reason: 'no' }, time);
        return end(row, what === 'forwarded' || row.body ? what : 'forgotten');
      }
      const [due, aside, uncounted] = [
        time + ms,
        what === 'aside' && row.lane !== 'history',
        what === 'paused',
      ];
      await outbox.settle(claimed, { kind: 'later', due, inDoubt, aside, uncounted }, time);
      row.inDoubt ||= inDoubt;
      if (!row.body) return end(row, 'forgotten');
      Object.assign(row, { state: 'waiting', due, aside: row.aside || aside, tries: row.tries - +uncounted });
    },
    wait(ms: number) {
      time += ms;
      vi.setSystemTime(time);
    },
    async restart() {
      outbox = await reopen(outbox);
      const inDoubt = rows.filter(row => row.state === 'sending');
      expect(await outbox.recover(time)).toEqual(inDoubt.map(row => row.id));
      for (const row of inDoubt) {
        Object.assign(row, { state: 'waiting', due: time, inDoubt: true });
        if (!row.body) end(row, 'forgotten');
      }
      onTheirWay = [];
    },
    async forget(person: number) {
      const email = `person-${person}@x.ua`;
      const visitors = rows.filter(row => row.body && row.email === email).map(row => row.visitor);
      const erased = await outbox.forget({ email });
      expect(erased).toBe(erase(rows.filter(row => visitors.includes(row.visitor))));
    },
    async forgetVisitor(at: number) {
      const erased = await outbox.forgetVisitor(`visitor-${at}`);
      expect(erased).toBe(
        erase(rows.filter(row => row.visitor === `visitor-${at}` && row.lane !== 'subscription')),
      );
    },
    async prune(limit: number) {
      const before = time - 30 * day;
      while (await outbox.prune(before, time, limit));
      const keptFrom = ({ lane, tries }: Row) => before - (lane === 'history' || tries > 5 ? 0 : day);
      for (const row of rows) if (row.state === 'waiting' && row.received < keptFrom(row)) end(row, 'dead');
      rows = rows.filter(row => row.settled === undefined || row.settled >= before);
    },
  };

  const agree = async () => {
    const known = await outbox.known(made.map(row => row.id));
    expect(Object.fromEntries(known)).toEqual(Object.fromEntries(rows.map(row => [row.id, row.state])));
    const count = (wanted: (row: Row) => boolean) => rows.filter(wanted).length;
    const { oldest, ...counts } = await outbox.counts();
    expect(counts).toEqual({
      waiting: count(row => row.state === 'waiting'),
      sending: count(row => row.state === 'sending'),
      dead: count(row => row.state === 'dead'),
      inDoubt: count(row => row.inDoubt),
      history: count(row => isOpen(row) && row.lane === 'history'),
      subscriptions: count(row => isOpen(row) && row.lane === 'subscription'),
      aside: count(row => isOpen(row) && row.aside),
    });
    expect(oldest).toBe(rows.find(row => isOpen(row) && !row.aside && row.lane !== 'history')?.received);
  };

  /** Everything leaves at last, once: nothing waits for ever. */
  const drain = async () => {
    steps.wait(2 * hour);
    do {
      while (onTheirWay.length) await steps.settle(0, 'forwarded', 0, false);
      for (const from of lanes) await steps.claim(from, 9);
    } while (onTheirWay.length);
    expect(rows.filter(isOpen)).toEqual([]);
  };
  return {
    steps,
    agree,
    drain,
    close: () => outbox.close(),
    rows: () => rows,
  };
};
