import type { Person } from '../../src/protocol/types';
import { type Face, type Name, told } from './people';

/** The time of one anonymous id. It begins with the first visit, with a sign-out, and when another person signs in. */
export interface Period {
  number: number;
  /** Whose it is, once somebody was told in it. */
  owner?: Name;
  /** What was told of the owner so far. */
  known: Person;
  /** The anonymous ids that the cookie was seen to have in it. One, if all is well. */
  ids: Set<string>;
  /** From when on a page (by number) cannot but know the owner, by the page's own clock. */
  knownTo: Map<number, number>;
  /** Whether a page had no time to ask all that other tabs know of whose it is. */
  cutShort?: boolean;
}

/** One event that was tracked. */
export interface Tracked {
  /** The number of a step, or the id of a page view, which has no room for a number of ours. */
  key: string;
  /** In words: what it was, and where. */
  words: string;
  /** The number of its page. */
  page: number;
  period: Period;
  /** Who was the current person at the call. */
  current: Name | undefined;
}

/** A call of the shop's code. */
export type Call = { kind: 'track' } | Identify | { kind: 'reset' };
interface Identify {
  kind: 'identify';
  who: Name;
  face: Face;
}

export type TabName = 'A' | 'B';

export interface TabState {
  /** The number of the page that is open in it; undefined when the tab is closed. */
  page: number | undefined;
  /** Whether the visitor looks at the other tab. */
  hidden: boolean;
}

/** How the way to the relay is. */
export type Network = 'up' | 'slow' | 'busy' | 'answers lost' | 'cut' | 'offline';

/** What differs from run to run beside the commands. */
export interface Settings {
  /** For how long a burst is gathered, in ms. */
  delay: number;
  anonymous: 'send' | 'hold';
  identifyEvent: boolean;
  /** Whether the first two pages of the visitor begin at the same time. */
  atOnce: boolean;
}

/** A delay, in ms, after which events have left before a test can look. */
const SOON = 100;

const byStrength = ['externalCustomerId', 'email', 'phone'] as const;

/** The strongest identifier that both descriptions have. */
const common = (known: Person, other: Person) => byStrength.find(field => known[field] && other[field]);

/** Whether two descriptions can be of one person: the strongest identifier that both have decides, none decides for it. */
const canBeOne = (known: Person, other: Person) => {
  const field = common(known, other);
  return !field || known[field] === other[field];
};

/**
 * What a right tag would know. The current person is a fact of the browser, not of a tab: the cookie is shared, so there
 * is one row of periods for both tabs, and the last one is now.
 */
export const createModel = (settings: Settings) => {
  const periods: Period[] = [];
  const tracked: Tracked[] = [];
  let steps = 0;

  const begin = (owner?: Name, known: Person = {}) => {
    periods.push({ number: periods.length + 1, owner, known, ids: new Set(), knownTo: new Map() });
  };
  begin();
  const leavesSoon = settings.delay < SOON;
  const now = () => periods[periods.length - 1]!;

  const note = (key: string, words: string, page: number) => {
    const period = now();
    tracked.push({ key, words, page, period, current: period.owner });
  };

  /**
   * Which face a shop must show of a person. Who was known by an email only, and then by another's phone only with no
   * sign-out between, is one person to a tag: nothing in common says nothing against it. A shop that does that is not
   * what is tried here.
   */
  const faceOf = ({ who, face }: Identify): Face => {
    const { owner, known } = now();
    return owner && owner !== who && canBeOne(known, told(who, face)) ? 'everything' : face;
  };

  const identify = (who: Name, person: Person) => {
    const { owner, known } = now();
    if (owner && !canBeOne(known, person)) return begin(who, person);
    Object.assign(now(), { owner: who, known: { ...known, ...person } });
  };

  return {
    settings,
    periods,
    tracked,
    now,
    network: 'up' as Network,
    tabs: { A: { page: undefined, hidden: false }, B: { page: undefined, hidden: false } } as Record<
      TabName,
      TabState
    >,

    /**
     * Whether these calls leave no doubt that somebody else is here, or nobody, if they say anything of it: the tag can
     * tell it from what they say alone.
     */
    isClear(calls: readonly Call[]): boolean {
      const { owner, known } = now();
      const people = calls.filter(call => call.kind === 'identify');
      const inPieces = people.some(one =>
        people.some(
          other => one.who === other.who && !common(told(one.who, one.face), told(other.who, other.face)),
        ),
      );
      if (inPieces) return false;
      const first = calls.find(({ kind }) => kind !== 'track');
      if (first?.kind !== 'identify') return true;
      return !!owner && !canBeOne(known, told(first.who, faceOf(first)));
    },

    /** Some calls in one task of a page: as a script, in words, and the periods of whose owner that page was told. */
    call(calls: readonly Call[], page: number): { script: string; words: string; told: Period[] } {
      const toldOf: Period[] = [];
      /** The periods of whose owner, known before, this task has told once more. */
      const asked = new Set<Period>();
      /** What this task has told of the owners of periods, and those of which it told in pieces. */
      const parts = new Map<Period, Person>();
      const inPieces = new Set<Period>();
      const done = calls.map(call => {
        if (call.kind === 'reset') {
          for (const period of [...asked, ...inPieces]) period.cutShort = true;
          begin();
          return ['shoptrail.reset()', 'reset'];
        }
        if (call.kind === 'identify') {
          const face = faceOf(call);
          const person = told(call.who, face);
          const { owner, known } = now();
          if (owner && !parts.has(now()) && canBeOne(known, person)) asked.add(now());
          identify(call.who, person);
          const part = parts.get(now()) ?? {};
          if (parts.has(now()) && !common(part, person)) inPieces.add(now());
          parts.set(now(), { ...part, ...person });
          toldOf.push(now());
          return [`shoptrail.identify(${JSON.stringify(person)})`, `identify ${call.who} (${face})`];
        }
        const n = `${++steps}`;
        note(n, `step ${n} on page ${page}`, page);
        return [`shoptrail.track('step', { n: '${n}' })`, `track step ${n}`];
      });
      return {
        script: done.map(([script]) => script).join(';'),
        words: done.map(([, words]) => words).join(', '),
        told: toldOf,
      };
    },

    /** The tag has tracked a view of a page by itself. */
    viewed: (id: string, page: number) => note(id, `the view of page ${page}`, page),

    /**
     * Whether a period may have had two anonymous ids. Two tabs that were opened at once agree when their events leave,
     * and by then the first may have left, or the cookie may have passed to another person: what was tracked under the
     * id that the cookie did not keep is then nobody's for good. A page that is told who is here, and of a sign-out in
     * the same task, has no time to ask what other tabs know of whom it has known, and may take another id to be sure. That
     * nothing is anybody else's is tried all the same.
     */
    isUnsettled: ({ number, cutShort }: Period): boolean =>
      !!cutShort || (settings.atOnce && number === 1 && (periods.length > 1 || leavesSoon)),

    /** Whether events leave by the tag's own timers while a test waits for it. */
    leavesSoon,

    /** Whether an event must stay in the browser: nobody has said yet whose it is. */
    isHeld: ({ period }: Tracked): boolean => settings.anonymous === 'hold' && !period.owner,
  };
};

export type BrowserModel = ReturnType<typeof createModel>;
