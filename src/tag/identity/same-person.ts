import { locators } from '../../protocol/rules.json';
import type { Person } from '../../protocol/types';

/** Says of an identifier, by its place in the locators, whether it was told elsewhere; undefined when none of its kind was. */
export type Recognizes = (place: number, value: string) => boolean | undefined;

/**
 * Whether what is told now can be the person known so far: the strongest identifier that both have decides. With
 * nothing in common it is undefined: that says nothing against it (an email first, a phone later).
 *
 * @param recognizes is asked of what `known` does not have
 */
export const isSamePerson = (known: Person, told: Person, recognizes: Recognizes): boolean | undefined =>
  (locators as (keyof Person)[])
    .map((name, place) => {
      const value = told[name];
      return value && (known[name] ? known[name] === value : recognizes(place, value));
    })
    .find(same => typeof same === 'boolean') as boolean | undefined;
