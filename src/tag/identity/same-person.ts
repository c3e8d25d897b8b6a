import { locators } from '../../protocol/rules.json';
import type { Person } from '../../protocol/types';

/**
 * Whether what is told now can be the person known so far: the strongest identifier that both have decides. Nothing in
 * common says nothing against it (an email first, a phone later).
 *
 * @param partly not all of what is known is at hand: then nothing in common says nothing for it either
 */
export const isSamePerson = (known: Person, told: Person, partly = false): boolean => {
  const common = locators.find(name => known[name as keyof Person] && told[name as keyof Person]);
  if (!common) return !partly || !Object.keys(known).length;
  return known[common as keyof Person] === told[common as keyof Person];
};
