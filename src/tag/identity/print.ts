import { locators } from '../../protocol/rules.json';
import type { Person } from '../../protocol/types';
import { checksum } from '../browser/checksum';

/** Two characters of a checksum with the anonymous id in it: to tell people of one browser apart, not to say who they are. */
const markOf = (anonymousId: string, value: string) => `0${checksum(anonymousId + value)}`.slice(-2);

/**
 * What the cookie tells of who is known: a mark for each identifier, in the order of the locators. All hosts of a shop
 * read the cookie, but each has a table of its own, and Safari empties that after seven days.
 *
 * @param before what was told earlier, and is not told now, stays
 */
export const toPrint = (anonymousId: string, person: Person, before = ''): string => {
  const marks = before.split('-');
  return locators
    .map((name, place) => {
      const value = person[name as keyof Person];
      return value ? markOf(anonymousId, value) : marks[place];
    })
    .join('-');
};

/** Whether this is the identifier at a place of the locators; undefined when the print has none there. */
export const isInPrint = (print: string, anonymousId: string, place: number, value: string) => {
  const mark = print.split('-')[place];
  return mark ? mark === markOf(anonymousId, value) : undefined;
};
