import { defaults } from '../config';
import { LONGEST } from './cookies';
import { MOST } from './journal';
import { names } from './names';

/** One thing that the tag keeps in a browser. No page loads this: it is for the documentation and its test. */
export interface Stored {
  where: 'cookie' | 'IndexedDB' | 'localStorage' | 'sessionStorage';
  /** Its name; of names that are made for each page, how they begin. */
  name: string;
  isPrefix?: boolean;
  /** In the database: the first part of the keys. */
  kind?: string;
  holds: string;
  why: string;
  long: string;
}

const days = LONGEST / 86_400;
const settled = `until each was accepted, refused for good, or given up: ${defaults.maxEvents} events (\`maxEvents\`), ${defaults.maxDays} days (\`maxDays\`)`;

/** Everything that the tag keeps. A withdrawal removes all of it (`sweep.ts`). */
export const stored: Stored[] = [
  {
    where: 'cookie',
    name: names.visitor,
    holds:
      '`<uuid>.<week>`: a random anonymous id, and the week it was written in (since 1970, base 36; before it `r` when the id began with another person). Once the visitor has said who they are, `.<print>`: two characters of a checksum of each identifier, with the id in it, by which all hosts of the shop tell that somebody else signs in',
    why: 'one visitor on all pages and subdomains of the shop',
    long: `${days} days after it was last written (once a week, on a visit). Safari: 7 days, ${days} when [the relay has renewed it](#routes-for-pages)`,
  },
  {
    where: 'cookie',
    name: names.cart,
    holds:
      '`<id>\\|<checksum>`: the cart’s `recycleStateId` (random, or yours), and a checksum of the cart last sent',
    why: 'ties cart events to the order; an unchanged cart sends nothing',
    long: `while there is a cart, at most ${days} days after its last change; removed when the cart is emptied, on \`reset()\`, and when another person signs in`,
  },
  {
    where: 'IndexedDB',
    name: names.database,
    kind: 'e',
    holds: 'events',
    why: 'an event must survive until its delivery is confirmed',
    long: `${settled}. With \`anonymous: 'hold'\` those of an unknown visitor until \`identify()\`, then the same`,
  },
  {
    where: 'IndexedDB',
    name: names.database,
    kind: 'p',
    holds: 'who the visitor is, as `identify()` was told, under their anonymous id',
    why: 'events leave with it, those of earlier pages too',
    long: 'as long as that id is the visitor’s; after `reset()` or another person, until none of their events waits and the next page opens',
  },
  {
    where: 'IndexedDB',
    name: names.database,
    kind: 'r',
    holds: 'when the relay wants to be asked again',
    why: 'all tabs keep to it',
    long: 'one time, overwritten',
  },
  {
    where: 'localStorage',
    name: names.journal,
    isPrefix: true,
    holds: `what the database does not have yet (events, who the visitor is), at most ${MOST} entries a page`,
    why: 'the database is not open yet, or the page ends before it has confirmed',
    long: 'until the database has it',
  },
  {
    where: 'sessionStorage',
    name: names.hold,
    holds: 'events that wait for consent, without any person; only with `consentHold: "session"`',
    why: 'the visitor may answer on a later page',
    long: 'until the answer, at most as long as the tab',
  },
];

/** The table of the README. */
export const storedTable = (): string =>
  [
    '| where | name | holds | why | how long |',
    '| --- | --- | --- | --- | --- |',
    ...stored.map(
      ({ where, name, isPrefix, holds, why, long }) =>
        `| ${where} | \`${name}\`${isPrefix ? ' and a page’s id' : ''} | ${holds} | ${why} | ${long} |`,
    ),
  ].join('\n');
