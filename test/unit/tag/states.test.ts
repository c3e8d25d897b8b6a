import { describe, expect, it } from 'vitest';
import { next, type Signal, type State } from '../../../src/tag/delivery/states';

const SIGNALS: Signal[] = ['due', 'done', 'failed', 'silent', 'hide', 'show', 'resume'];

/** The drawing in ARCHITECTURE.md as a table: what each signal leads to, in the order of SIGNALS. */
const drawing: Record<State, State[]> = {
  //         due        done       failed     silent     hide       show       resume
  idle: ['sending', 'idle', 'idle', 'idle', 'leaving', 'idle', 'idle'],
  sending: ['sending', 'idle', 'waiting', 'blocked', 'leaving', 'sending', 'sending'],
  waiting: ['sending', 'waiting', 'waiting', 'waiting', 'leaving', 'waiting', 'waiting'],
  blocked: ['sending', 'blocked', 'blocked', 'blocked', 'leaving', 'blocked', 'blocked'],
  leaving: ['leaving', 'leaving', 'leaving', 'leaving', 'leaving', 'idle', 'sending'],
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
