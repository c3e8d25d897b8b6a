import { fitsReserve } from '../protocol/body';
import { toPerson } from '../protocol/person';
import { plain } from '../protocol/plain';
import type { Identity, Person } from '../protocol/types';
import { now } from './browser/clock';
import { onHide, onShow, whenActivated } from './browser/lifecycle';
import { uuid } from './browser/uuid';
import { startCapture, watchSubscriptions } from './capture/capture';
import { createRedact } from './capture/redact';
import type { Options } from './config';
import { type Answer, createConsent } from './consent/consent';
import { consentMode } from './consent/sources/consent-mode';
import { globalPrivacyControl } from './consent/sources/global-privacy-control';
import { wpConsentApi } from './consent/sources/wp-consent-api';
import { createTabs } from './consent/tabs';
import { createRequests } from './delivery/request';
import { cookie, look, lookAway, lookSoon } from './storage/cookies';
import { createHold } from './storage/hold';
import { names } from './storage/names';
import { keepSwept, sweep } from './storage/sweep';
import { type Subscription, toSubscription } from './subscription';
import { startTrail, type Tracked, type Trail } from './trail';
import type { Emit } from './types';

/** When and where a call was made. */
export interface Moment {
  at: number;
  /** Left out when it is the page that is open now. */
  href?: string;
}

/**
 * The journey of every event: read this file first, then `trail.ts`.
 *
 * capture → `track()` → consent → trail (stamp → queue → delivery → relay). One direction. Before consent, calls wait
 * here in memory; there is a trail only while the visitor allows it.
 *
 * @param told what the shop has said about consent before
 */
export const startTag = (config: Required<Options>, emit: Emit, told: Answer) => {
  const requests = createRequests(config.endpoint);
  const redact = createRedact(config.redact);
  const hold = config.consentHold === 'session' ? createHold<Tracked>() : undefined;
  let trail: Trail | undefined;
  /** What was called and is not taken yet: until the task ends, or until consent is there. */
  const calls: (Tracked | (() => void))[] = [];
  /** What was told of the visitor and may not be known yet. */
  let introductions: (() => void)[] = [];
  /** Whom they name. */
  let introduced: Person = {};

  const forgetIntroductions = () => {
    introductions = [];
    introduced = {};
  };

  /**
   * Takes what this task has called: at the task's end, or before anything that changes who is here. In the call itself
   * only the payload is copied: the shop's own code waits for that. The first look at the cookie in a task alone takes
   * longer than all the rest.
   */
  const takeCalls = () => {
    if (!calls.length || consent.is('events') !== 'granted') return;
    look();
    for (const call of calls.splice(0)) {
      try {
        if (typeof call === 'function') call();
        else trail?.accept(call);
      } catch {
        const event = typeof call === 'function' ? 'identify' : `${call.event}`;
        emit('invalid', { event, reason: 'payload: cannot be read' });
      }
    }
    lookAway();
    trail?.added();
  };

  /** A call waits for the task's end; without consent for that; and after a refusal for nothing. */
  const keepCall = (call: (typeof calls)[number], event: string) => {
    if (consent.is('events') === 'denied') return emit('dropped', { event, reason: 'consent' });
    if (calls.length >= config.maxEvents) return emit('dropped', { event, reason: 'full' });
    if (calls.push(call) === 1 && consent.is('events') === 'granted') lookSoon().then(takeCalls);
  };

  /** An event that was asked for, or seen. */
  const track = ({ at, href }: Moment, event: string, payload?: unknown, captured = false) => {
    // Only a page view needs the address, and asking for it is not for nothing.
    const address = event === 'pageViewed' ? (href ?? document.URL) : undefined;
    keepCall({ event, copy: payload == null ? {} : plain(payload), at, href: address, captured }, event);
  };

  const identify = (moment: Moment, told?: Identity) => {
    const { person, hopeless } = toPerson(told ?? {}, config.defaultCountry);
    const refuse = (reason: string) => emit('invalid', { event: 'identify', reason });
    for (const field of hopeless) refuse(`${field}: cannot be read as one`);
    if (!Object.keys(person).length) return refuse('person: nothing that says who it is');
    if (!fitsReserve(person)) return refuse('person: too long');
    const introduce = (): void => {
      const may = consent.is('identity');
      if (may === 'granted') {
        trail!.identify(person, () => {
          if (config.identifyEvent) track(moment, 'visitorIdentified');
          // Now: what was called after it, before the table was read, may be a change of person.
          takeCalls();
        });
      } else if (may === 'denied') emit('dropped', { event: 'identify', reason: 'consent' });
      else {
        // Nobody may be named yet, but another person begins another anonymous id all the same.
        if (trail!.isSame(person, introduced) === false) forget();
        introduced = { ...introduced, ...person };
        introductions.push(introduce);
      }
    };
    takeCalls();
    if (consent.is('events') === 'granted') introduce();
    else keepCall(introduce, 'identify');
  };

  /** Another person may be here from now on. */
  const forget = () => {
    forgetIntroductions();
    trail!.reset();
  };

  const reset = () => {
    takeCalls();
    if (consent.is('events') === 'granted') forget();
    else keepCall(forget, 'reset');
  };

  const here = (): Moment => ({ at: now() });
  let arrival: Moment | undefined;
  whenActivated(() => {
    arrival = { at: now(), href: document.URL };
  });

  /** Begins once: when it is known who is here, or while nobody has decided yet; or when the page hides before that. */
  let capture: (() => void) | undefined = () => {
    capture = undefined;
    // Frames are previews, page builders and widgets: what happens in them is no visit.
    if (self !== top) return;
    startCapture({
      ...config,
      found(event, payload) {
        track(arrival ?? here(), event, payload, true);
        arrival = undefined;
      },
      identified: person => identify(here(), person),
    });
  };

  const begin = () => {
    const ask = () => {
      // The page has loaded by now, and a browser may be wrong about the focus.
      tabs.listen();
      consent.ask();
    };
    trail = startTrail({ config, emit, requests, redact, ask, is: consent.is });
    trail.ready.finally(() => capture?.());
    calls.unshift(...(hold?.take(calls) ?? []));
    takeCalls();
  };

  /** Everything goes, in memory and in the browser. */
  const end = () => {
    for (const call of calls.splice(0)) {
      if (typeof call !== 'function') emit('dropped', { event: call.event, reason: 'consent' });
    }
    forgetIntroductions();
    trail?.end();
    trail = undefined;
    sweep();
    keepSwept(() => !trail);
  };

  const consent = createConsent(
    [consentMode, globalPrivacyControl, wpConsentApi],
    config.consent === 'required',
    told,
    (is, was) => {
      if (is.events === 'denied') {
        const news = was.events === 'granted';
        end();
        if (news && !heard) tabs.tell('events');
        return;
      }
      if (is.events === 'granted') {
        if (!trail) begin();
        else if (was.events === 'pending') {
          calls.unshift(...(hold?.take(calls) ?? []));
          takeCalls();
          trail.resume();
        }
      }
      if (is.identity === 'denied') {
        forgetIntroductions();
        trail?.unname();
        if (was.identity === 'granted' && !heard) tabs.tell('identity');
      }
      if (is.identity === 'granted') {
        const waiting = introductions;
        forgetIntroductions();
        for (const introduce of waiting) introduce();
      }
    },
  );
  /** Whether it is another tab that withdraws: it has told all of them. */
  let heard = false;
  const tabs = createTabs(purpose => {
    heard = true;
    consent.withdrawn(purpose);
    heard = false;
  });
  consent.ask();
  if (consent.is('events') === 'pending') capture();

  onHide(() => {
    consent.ask();
    if (consent.is('events') === 'denied') return sweep();
    capture?.();
    takeCalls();
    trail?.hide();
    hold?.put(
      // Under an id that stays: another page may take it, and this one come back out of the back/forward cache.
      calls.flatMap(call =>
        typeof call === 'function' ? [] : Object.assign(call, { id: call.id ?? uuid() }),
      ),
    );
    // Who hides a page may withdraw in another tab, and not every browser says `blur` for that.
    tabs.listen();
  });
  onShow(restored => {
    consent.ask();
    if (restored && trail?.isLost()) consent.withdrawn('events');
    trail?.show();
  });
  addEventListener('online', () => trail?.online());

  /** Hands a subscription to the relay. It is the visitor's own wish, and asks for no other consent. */
  const subscribe = async (_: Moment, told?: Subscription): Promise<boolean> => {
    const refuse = (reason: string) => {
      // Later: the form's own script, which wants to hear it, has not been told of the submit yet.
      setTimeout(emit, 0, 'invalid', { event: 'subscribe', reason });
      return false;
    };
    const { body, reason } = toSubscription(told, config.defaultCountry);
    if (!body) return refuse(reason);
    const id = uuid();
    const whose = () => ({ id, ...(trail && { anonymousId: trail.ids()[0] }) });
    const answer = await requests.insist('/v1/contact/subscribe', () =>
      config.wire === 'v2' ? body : { ...whose(), ...body },
    );
    if (!answer) return refuse('relay: no answer; try again later');
    if (answer.status >= 300) return refuse(reasonOf(answer.text) ?? `relay: answered ${answer.status}`);
    emit('subscribed', { id });
    return true;
  };

  if (config.attributes && self === top) watchSubscriptions(told => void subscribe(here(), told));

  return {
    track,
    identify,
    reset,
    subscribe,
    consent: (answer: Answer): void => consent.tell(answer),

    async flush(): Promise<void> {
      takeCalls();
      await trail?.flush();
    },

    /** Empties the browser, and has the relay drop what has not left it. Answers whether the relay has confirmed. */
    async forget(): Promise<boolean> {
      const id = cookie(names.visitor).read()?.split('.')[0];
      const ids = new Set([...(id ? [id] : []), ...(trail?.ids() ?? [])]);
      consent.tell({ events: 'denied', identity: 'denied' });
      tabs.tell('events');
      let confirmed = config.wire !== 'v2';
      for (const anonymousId of confirmed ? ids : []) {
        const answer = await requests.insist('/forget', () => ({ anonymousId }));
        confirmed &&= answer?.status === 204;
      }
      return confirmed;
    },
  };
};

/** What the relay says in `{"error": "..."}`. */
const reasonOf = (text: string): string | undefined => {
  try {
    return JSON.parse(text).error;
  } catch {
    return undefined;
  }
};
