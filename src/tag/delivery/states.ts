/**
 * What delivery is doing:
 * - `idle`: nothing to send, or gathering a burst
 * - `sending`: a request is on its way
 * - `waiting`: a request failed, the next is due later
 * - `blocked`: requests fail without any answer while the browser is online; probing slowly
 * - `leaving`: the page is hidden; what it had was offered to beacons
 * - `ended`: the visitor allows it no more; nothing is sent, whatever happens
 */
export type State = 'idle' | 'sending' | 'waiting' | 'blocked' | 'leaving' | 'ended';

/**
 * What happens to it:
 * - `due`: it is time to send
 * - `done`: the request was answered
 * - `failed`: not answered, or with "later"
 * - `silent`: failed without an answer once too often
 * - `hide`: the page may be about to end
 * - `show`: it is seen again; `resume`: it is seen again with a request still on its way
 * - `end`: the visitor allows it no more
 */
export type Signal = 'due' | 'done' | 'failed' | 'silent' | 'hide' | 'show' | 'resume' | 'end';

const table: Record<State, Partial<Record<Signal, State>>> = {
  idle: { due: 'sending', hide: 'leaving', end: 'ended' },
  sending: { done: 'idle', failed: 'waiting', silent: 'blocked', hide: 'leaving', end: 'ended' },
  waiting: { due: 'sending', hide: 'leaving', end: 'ended' },
  blocked: { due: 'sending', hide: 'leaving', end: 'ended' },
  leaving: { show: 'idle', resume: 'sending', end: 'ended' },
  ended: {},
};

/** The state after a signal; the same one when the signal means nothing in it. */
export const next = (state: State, signal: Signal): State => table[state][signal] ?? state;
