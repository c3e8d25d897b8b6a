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
    ['five failures, others taken in between', 1, failed, 5],
    ['however many were taken', 9, failed, 5],
    ['silence', 1, { kind: 'later', inDoubt: true }, 5],
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
    for (let round = 0; round < 4; round++) {
      expect(fail()).toBe(false);
      patience.isOver(rowOf('other'), accepted);
    }
    patience.isOver(rowOf('bad'), accepted);
    expect(fail()).toBe(false);
  });

  it('does not come back', () => {
    const patience = createPatience(() => 0);
    expect(patience.isOver(rowOf('bad', true), failed)).toBe(true);
  });
});
