// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Answer, createConsent, type State } from '../../../src/tag/consent/consent';

/** A consent with sources that say what a test lets them say, and may call out. */
const createAsked = (said: (Answer | undefined)[], { required = false, told = {} as Answer } = {}) => {
  const changes: [is: Required<Answer>, was: Required<Answer>][] = [];
  const calls: (() => void)[] = [];
  let asked = 0;
  const sources = said.map((_, n) => (changed: () => void) => {
    calls[n] = changed;
    return () => {
      if (n === 0) asked++;
      return said[n];
    };
  });
  const consent = createConsent(sources, required, told, (is, was) => changes.push([is, was]));
  return {
    consent,
    said,
    changes,
    calls,
    /** How often the first source was asked. */
    asked: () => asked,
    now: () => `${consent.is('events')} ${consent.is('identity')}`,
  };
};

const ask = (...setup: Parameters<typeof createAsked>) => {
  const asked = createAsked(...setup);
  asked.consent.ask();
  return asked;
};

const all = (state: State): Required<Answer> => ({ events: state, identity: state });
const [pending, granted, denied] = [all('pending'), all('granted'), all('denied')];

// Listeners on the window outlive a test: each hears only its own.
const added: [type: string, listener: EventListener, options: unknown][] = [];
beforeEach(() => {
  vi.useFakeTimers();
  const add = window.addEventListener.bind(window);
  vi.spyOn(window, 'addEventListener').mockImplementation(((
    type: string,
    listener: EventListener,
    options: boolean,
  ) => {
    added.push([type, listener, options]);
    add(type, listener, options);
  }) as never);
});
afterEach(() => {
  for (const [type, listener, options] of added.splice(0))
    window.removeEventListener(type, listener, options as boolean);
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('what the visitor allows', () => {
  it('is open until it was asked for', () => {
    expect(createAsked([granted]).now()).toBe('pending pending');
  });

  it.each([
    // What the shop has said, what each source says: what holds by itself, and where consent is required.
    ['nobody says anything', {}, [], 'granted granted', 'pending pending'],
    ['no source is on the page', {}, [undefined, undefined], 'granted granted', 'pending pending'],
    ['a source says yes', {}, [granted], 'granted granted', 'granted granted'],
    ['a source says no', {}, [denied], 'denied denied', 'denied denied'],
    ['a source waits for the visitor', {}, [pending], 'pending pending', 'pending pending'],
    ['a source is there, and says nothing yet', {}, [{}], 'pending pending', 'pending pending'],
    ['one says yes, one is not there', {}, [granted, undefined], 'granted granted', 'granted granted'],
    ['one says yes, one says nothing yet', {}, [granted, {}], 'granted granted', 'granted granted'],
    ['one says yes, one no', {}, [granted, denied], 'denied denied', 'denied denied'],
    ['one says no, one yes', {}, [denied, granted], 'denied denied', 'denied denied'],
    ['one says yes, one waits', {}, [granted, pending], 'pending pending', 'pending pending'],
    ['one waits, one says no', {}, [pending, denied], 'denied denied', 'denied denied'],
    [
      'only events are allowed',
      {},
      [{ events: 'granted', identity: 'denied' }],
      'granted denied',
      'granted denied',
    ],
    ['only events are spoken of', {}, [{ events: 'granted' }], 'granted pending', 'granted pending'],
    [
      'only identity is allowed',
      {},
      [{ events: 'denied', identity: 'granted' }],
      'denied denied',
      'denied denied',
    ],
    ['only identity is spoken of', {}, [{ identity: 'granted' }], 'pending pending', 'pending pending'],
    [
      'identity is refused, events wait',
      {},
      [{ events: 'pending', identity: 'denied' }],
      'pending pending',
      'pending pending',
    ],
    [
      'each purpose has another source',
      {},
      [{ events: 'granted' }, { identity: 'denied' }],
      'granted denied',
      'granted denied',
    ],
    ['the shop says yes', granted, [], 'granted granted', 'granted granted'],
    ['the shop says no', denied, [], 'denied denied', 'denied denied'],
    ['the shop says yes, a source no', granted, [denied], 'granted granted', 'granted granted'],
    ['the shop says no, a source yes', denied, [granted], 'denied denied', 'denied denied'],
    ['the shop says yes, a source waits', granted, [pending], 'granted granted', 'granted granted'],
    [
      'the shop says yes to events only, no source',
      { events: 'granted' },
      [],
      'granted pending',
      'granted pending',
    ],
    [
      'the shop says no to identity only, no source',
      { identity: 'denied' },
      [],
      'pending pending',
      'pending pending',
    ],
    [
      'the shop says no to identity, a source yes',
      { identity: 'denied' },
      [granted],
      'granted denied',
      'granted denied',
    ],
    [
      'the shop says yes to identity, a source no',
      { identity: 'granted' },
      [denied],
      'denied denied',
      'denied denied',
    ],
    [
      'the shop says yes to events, a source no',
      { events: 'granted' },
      [denied],
      'granted denied',
      'granted denied',
    ],
  ] as [string, Answer, (Answer | undefined)[], string, string][])(
    'is decided when %s',
    (_, told, said, byItself, required) => {
      expect(ask(said, { told }).now()).toBe(byItself);
      expect(ask(said, { told, required: true }).now()).toBe(required);
    },
  );

  it('never lets events carry a name that may not be sent at all, and the strictest always wins', () => {
    const words = [undefined, 'pending', 'granted', 'denied'] as (State | undefined)[];
    const answers: (Answer | undefined)[] = [undefined];
    for (const events of words)
      for (const identity of words) answers.push(JSON.parse(JSON.stringify({ events, identity })));
    const rank = { denied: 0, pending: 1, granted: 2 };
    for (const told of answers)
      for (const one of answers)
        for (const two of answers)
          for (const required of [true, false]) {
            const { consent, now } = ask([one, two], { told: told ?? {}, required });
            expect(rank[consent.is('identity')]).toBeLessThanOrEqual(rank[consent.is('events')]);
            const said = told?.events ? [told.events] : [one?.events, two?.events];
            if (said.includes('denied')) expect(consent.is('events')).toBe('denied');
            if (said.includes('pending')) expect(consent.is('events')).not.toBe('granted');
            // Nobody's silence is a yes where somebody spoke, or where consent is required.
            const spoken = required || one || two || (told && Object.keys(told).length);
            if (spoken && !said.includes('granted')) expect(now()).not.toContain('granted');
          }
  });

  it('is told only when it is another than before, with what it was', () => {
    const { consent, said, changes } = ask([pending]);
    expect(changes).toEqual([]);
    said[0] = { events: 'granted' };
    consent.ask();
    consent.ask();
    said[0] = granted;
    consent.ask();
    said[0] = { ...granted };
    consent.ask();
    said[0] = { events: 'granted', identity: 'denied' };
    consent.ask();
    said[0] = denied;
    consent.ask();
    consent.ask();
    expect(changes).toEqual([
      [{ events: 'granted', identity: 'pending' }, pending],
      [granted, { events: 'granted', identity: 'pending' }],
      [{ events: 'granted', identity: 'denied' }, granted],
      [denied, { events: 'granted', identity: 'denied' }],
    ]);
  });

  it('is known already when the change is told', () => {
    let seen = '';
    const consent = createConsent([() => () => granted], false, {}, () => {
      seen = consent.is('identity');
    });
    consent.ask();
    expect(seen).toBe('granted');
  });

  it('stays open while a source cannot be asked, and is heard again when it can', () => {
    let broken = true;
    const source = () => () => {
      if (broken) throw Error('the plugin’s own');
      return granted;
    };
    const consent = createConsent([source, () => () => undefined], false, {}, () => {});
    expect(() => consent.ask()).not.toThrow();
    expect(consent.is('events')).toBe('pending');
    broken = false;
    vi.advanceTimersByTime(250);
    expect(consent.is('events')).toBe('granted');
  });
});

describe('the sources are asked again', () => {
  it('when one of them calls', () => {
    const { said, calls, now } = ask([granted, undefined]);
    said[1] = denied;
    expect(now()).toBe('granted granted');
    calls[1]!();
    expect(now()).toBe('denied denied');
  });

  it('when the page has been read', () => {
    const { said, now } = ask([granted]);
    said[0] = denied;
    window.dispatchEvent(new Event('DOMContentLoaded'));
    expect(now()).toBe('denied denied');
  });

  it('after a click, at once and a second later: banners take their time', () => {
    const { asked } = ask([granted]);
    document.body.click();
    expect(asked()).toBe(1);
    vi.advanceTimersByTime(0);
    expect(asked()).toBe(2);
    vi.advanceTimersByTime(999);
    expect(asked()).toBe(2);
    vi.advanceTimersByTime(1);
    expect(asked()).toBe(3);
    vi.advanceTimersByTime(60_000);
    expect(asked()).toBe(3);
  });

  it('after a click that the shop keeps to itself', () => {
    const { asked } = ask([granted]);
    document.body.addEventListener('click', event => event.stopImmediatePropagation(), { once: true });
    document.body.click();
    vi.advanceTimersByTime(0);
    expect(asked()).toBe(2);
  });

  it('four times a second while nobody has decided, and no more once somebody has', () => {
    const { asked, said, now } = ask([pending]);
    vi.advanceTimersByTime(249);
    expect(asked()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(asked()).toBe(2);
    vi.advanceTimersByTime(10_000);
    expect(asked()).toBe(42);
    said[0] = granted;
    vi.advanceTimersByTime(250);
    expect([now(), asked()]).toEqual(['granted granted', 43]);
    vi.advanceTimersByTime(60_000);
    expect(asked()).toBe(43);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('only once each time, however often they are asked in between', () => {
    const { asked, consent } = ask([pending]);
    for (let n = 0; n < 9; n++) consent.ask();
    vi.advanceTimersByTime(1000);
    expect(asked()).toBe(10 + 4);
  });

  it('again four times a second when what was decided is open once more', () => {
    const { asked, said, now } = ask([granted]);
    said[0] = pending;
    window.dispatchEvent(new Event('DOMContentLoaded'));
    expect(now()).toBe('pending pending');
    vi.advanceTimersByTime(1000);
    expect(asked()).toBe(2 + 4);
  });

  it('never when events are decided, though identity is not', () => {
    const { asked } = ask([{ events: 'granted', identity: 'pending' }]);
    vi.advanceTimersByTime(10_000);
    expect(asked()).toBe(1);
  });
});

describe('the shop’s own word', () => {
  it('counts at once, and is told', () => {
    const { consent, changes, now } = ask([pending]);
    consent.tell(granted);
    expect(now()).toBe('granted granted');
    consent.tell({ identity: 'denied' });
    expect(now()).toBe('granted denied');
    consent.tell({ events: 'denied' });
    expect(now()).toBe('denied denied');
    expect(changes).toHaveLength(3);
  });

  it('stays what it was for a purpose that is left out', () => {
    const { consent, now } = ask([], { told: { events: 'granted', identity: 'denied' } });
    consent.tell({ events: 'granted' });
    consent.tell({});
    expect(now()).toBe('granted denied');
  });

  it('holds whatever the sources say later', () => {
    const { consent, said, now } = ask([pending]);
    consent.tell({ events: 'granted', identity: 'denied' });
    for (const answer of [granted, denied, pending, undefined]) {
      said[0] = answer;
      consent.ask();
      expect(now()).toBe('granted denied');
    }
  });
});

describe('a withdrawal in another tab', () => {
  it('holds while the sources of this page say what they said before', () => {
    const { consent, said, changes, now } = ask([granted, { events: 'granted' }]);
    consent.withdrawn('events');
    expect(now()).toBe('denied denied');
    said[0] = { ...granted };
    window.dispatchEvent(new Event('DOMContentLoaded'));
    document.body.click();
    vi.advanceTimersByTime(5000);
    expect(now()).toBe('denied denied');
    expect(changes.map(([is]) => is)).toEqual([granted, denied]);
  });

  it('holds until a source says something else: the banner here was answered anew', () => {
    const { consent, said, now } = ask([pending]);
    consent.tell(granted);
    consent.withdrawn('events');
    said[0] = granted;
    consent.ask();
    expect(now()).toBe('granted granted');
    said[0] = { events: 'granted', identity: 'denied' };
    consent.ask();
    expect(now()).toBe('granted denied');
  });

  it('takes the shop’s earlier word with it, once a source speaks', () => {
    const { consent, said, now } = ask([undefined]);
    consent.tell(granted);
    consent.withdrawn('identity');
    expect(now()).toBe('granted denied');
    said[0] = pending;
    consent.ask();
    expect(now()).toBe('pending pending');
  });

  it('of identity alone leaves the events', () => {
    const { consent, changes, now } = ask([granted]);
    consent.withdrawn('identity');
    expect(now()).toBe('granted denied');
    expect(changes).toHaveLength(2);
  });

  it('holds where nobody speaks', () => {
    const { consent, now } = ask([]);
    consent.withdrawn('events');
    consent.ask();
    vi.advanceTimersByTime(5000);
    expect(now()).toBe('denied denied');
  });

  it('is measured by what the sources say in that moment, though nobody had asked them since', () => {
    const { consent, said, now } = ask([granted]);
    said[0] = { ...granted, identity: 'pending' };
    consent.withdrawn('events');
    consent.ask();
    expect(now()).toBe('denied denied');
  });

  it('counts no more once the shop says yes here, and a later change of a source takes nothing of that away', () => {
    const { consent, said, now } = ask([granted]);
    consent.withdrawn('events');
    consent.tell(granted);
    expect(now()).toBe('granted granted');
    said[0] = denied;
    consent.ask();
    expect(now()).toBe('granted granted');
  });

  it('twice is told once', () => {
    const { consent, changes } = ask([granted]);
    consent.withdrawn('events');
    consent.withdrawn('events');
    consent.withdrawn('identity');
    expect(changes).toHaveLength(2);
  });
});
