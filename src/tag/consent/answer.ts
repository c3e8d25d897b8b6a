import type { Answer, Purpose, State } from './consent';

/** What `consent()` takes: yes or no to everything, or to each purpose. */
export type Consent = boolean | { events?: boolean; identity?: boolean };

const stateOf = (allowed: boolean): State => (allowed ? 'granted' : 'denied');

/** What the shop has said, undefined when it cannot be understood: then nothing is taken for a yes. */
export const toAnswer = (told: unknown): Answer | undefined => {
  const said = typeof told === 'boolean' ? { events: told, identity: told } : told;
  if (typeof said !== 'object' || !said) return undefined;
  const answer: Answer = {};
  for (const [name, value] of Object.entries(said)) {
    if (!/^(events|identity)$/.test(name) || typeof value !== 'boolean') return undefined;
    answer[name as Purpose] = stateOf(value);
  }
  return answer;
};
