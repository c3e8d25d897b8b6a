import { describe, expect, it } from 'vitest';
import { next, type Signal, type State } from '../../../src/tag/delivery/states';

const SIGNALS: Signal[] = ['due', 'done', 'failed', 'silent', 'hide', 'show', 'resume', 'end'];

/** The drawing in ARCHITECTURE.md as a table: what each signal leads to, in the order of SIGNALS. */
const drawing: Record<State, State[]> = {
  //         due        done       failed     silent     hide       show       resume     end
  idle: ['sending', 'idle', 'idle', 'idle', 'leaving', 'idle', 'idle', 'ended'],
  sending: ['sending', 'idle', 'waiting', 'blocked', 'leaving', 'sending', 'sending', 'ended'],
  waiting: ['sending', 'waiting', 'waiting', 'waiting', 'leaving', 'waiting', 'waiting', 'ended'],
  blocked: ['sending', 'blocked', 'blocked', 'blocked', 'leaving', 'blocked', 'blocked', 'ended'],
  leaving: ['leaving', 'leaving', 'leaving', 'leaving', 'leaving', 'idle', 'sending', 'ended'],
  ended: Array(8).fill('ended'),
};

describe('the machine of delivery', () => {
  for (const [state, row] of Object.entries(drawing) as [State, State[]][]) {
    it.each(SIGNALS.map((signal, at) => [signal, row[at]!] as const))(
      `${state}, on %s, is %s`,
      (signal, to) => {
        expect(next(state, signal)).toBe(to);
      },
    );
  }
});
