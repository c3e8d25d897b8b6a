import { describe, expect, it } from 'vitest';
import type { ClaimedRow } from '../../../src/relay/core/outbox';
import { createPatience } from '../../../src/relay/core/patience';
import type { Verdict } from '../../../src/relay/core/verdict';

const minute = 60_000;
const rowOf = (id: string, aside = false): ClaimedRow => ({
  id,
  type: 'x',
  visitor: id,
  body: '{}',
  at: 0,
  received: 0,
  tries: 1,
  aside,
});
const failed: Verdict = { kind: 'later', status: 500, inDoubt: true };
const accepted: Verdict = { kind: 'accepted' };

/** How many failures it took, each after so many others were taken. */
const failuresUntilOver = (taken: number, verdict: Verdict, time = 10 * minute) => {
  const patience = createPatience(() => time);
  for (let failures = 1; failures <= 50; failures++) {
    if (patience.isOver(rowOf('bad'), verdict)) return failures;
    for (let at = 0; at < taken; at++) patience.isOver(rowOf(`${at}`), accepted);
  }
  return Number.POSITIVE_INFINITY;
};

describe('patience with a row that fails', () => {
  it.each<[string, number, Verdict, number]>([
    ['ten failures, others taken in between', 1, failed, 10],
    ['however many were taken', 9, failed, 10],
    ['silence', 1, { kind: 'later', inDoubt: true }, 10],
    ['nothing taken in between', 0, failed, Number.POSITIVE_INFINITY],
    ['a platform that is busy', 1, { kind: 'later', status: 503 }, Number.POSITIVE_INFINITY],
    ['a platform that asks for less', 1, { kind: 'later', status: 429 }, Number.POSITIVE_INFINITY],
    ['a key without rights', 1, { kind: 'paused', cause: 'forbidden' }, Number.POSITIVE_INFINITY],
  ])('%s', (_, taken, verdict, failures) => {
    expect(failuresUntilOver(taken, verdict)).toBe(failures);
  });

  it('lasts ten minutes at least', () => {
    expect(failuresUntilOver(1, failed, 10 * minute - 1)).toBe(Number.POSITIVE_INFINITY);
  });

  it('counts failures since the row was refused or taken last', () => {
    const patience = createPatience(() => 10 * minute);
    const fail = () => patience.isOver(rowOf('bad'), failed);
    for (let round = 0; round < 9; round++) {
      expect(fail()).toBe(false);
      patience.isOver(rowOf('other'), accepted);
    }
    patience.isOver(rowOf('bad'), accepted);
    expect(fail()).toBe(false);
  });

  it('ends with a clock that was set back since', () => {
    expect(failuresUntilOver(1, failed, -10 * minute)).toBe(10);
  });

  it.each([9_000, 20_000])('ends when %i rows fail in turn', rows => {
    const patience = createPatience(() => 60 * minute);
    const over = new Set<number>();
    for (let round = 0; round < 30; round++) {
      for (let at = 0; at < rows; at++) {
        if (over.has(at)) continue;
        if (patience.isOver(rowOf(`bad-${at}`), failed)) over.add(at);
        patience.isOver(rowOf('good'), accepted);
      }
    }
    expect(over.size).toBe(rows);
  });

  it('ends for others though many that were erased failed long ago', () => {
    let time = 60 * minute;
    const patience = createPatience(() => time);
    for (let at = 0; at < 10_000; at++) patience.isOver(rowOf(`erased-${at}`), failed);
    const fail = () => {
      patience.isOver(rowOf('good'), accepted);
      return patience.isOver(rowOf('bad'), failed);
    };
    for (let times = 0; times < 20; times++) expect(fail()).toBe(false);
    time += 180 * minute;
    for (let times = 0; times < 9; times++) expect(fail()).toBe(false);
    expect(fail()).toBe(true);
  });

  it('does not come back', () => {
    const patience = createPatience(() => 0);
    expect(patience.isOver(rowOf('bad', true), failed)).toBe(true);
  });
});
