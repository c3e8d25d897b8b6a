import type { CustomPayload, Identity, SiteEvents } from '../protocol/types';
import type { Options } from './config';
import type { Consent } from './consent/answer';
import type { Subscription } from './subscription';

/** What a call of `track()` takes beside the event's name: the fields of a site event, or any data of the shop's own. */
export type Payload<Event extends string> = Event extends 'pageViewed'
  ? [payload?: SiteEvents['pageViewed']]
  : Event extends keyof SiteEvents
    ? [payload: SiteEvents[Event]]
    : [payload?: CustomPayload];

/** What `on()` tells of, and with which detail. */
export interface Notices {
  /**
   * An event, one field of a captured event, or what another method was told was refused before it was kept. `event` is
   * the event or the method; `reason` says what to do.
   */
  invalid: { event: string; reason: string };
  /** An event was kept, and will be delivered. */
  tracked: { event: string; id: string };
  /** The endpoint confirmed these events. */
  accepted: { ids: string[] };
  /** The endpoint refused an event for good, or what stands before it forbids it each time while others pass. */
  rejected: { id: string; reason: string };
  /**
   * An event was given up: the queue was full, the event too old, or the visitor does not allow it. What was not queued
   * yet has no id.
   */
  dropped: { event: string; id?: string; reason: 'full' | 'age' | 'consent' };
  /** The relay took a subscription. */
  subscribed: { id: string };
  /** Requests fail without any answer although the browser is online: a content blocker, or a wrong address. */
  blocked: { events: number };
  /** The browser's database cannot be had, or does not answer: events live in memory and in a small journal until they are delivered. */
  degraded: Record<string, never>;
}

/** Tells the listeners of `on()`. */
export type Emit = <Name extends keyof Notices>(name: Name, notice: Notices[Name]) => void;

/** The tag, as a page has it in `window.shoptrail` and as the npm package exports it. Nothing here ever throws. */
export interface Shoptrail {
  /** This version of the tag. */
  readonly version: string;
  /**
   * Starts the tag. Not needed where the pasted line has `data-endpoint`. Calls made before it are kept, and replayed
   * with their own time and page.
   * @example init({endpoint: '/x'})
   */
  init(options: Options): void;
  /**
   * Keeps an event, and delivers it to the platform. What is wrong with a call is told by `on('invalid')`, and in debug
   * mode in the console; such an event is not sent.
   * @example track('productViewed', {product: {productId: 'WS01-L-Green', price: 45.5}, currencyCode: 'USD'})
   */
  track<Event extends string>(event: Event, ...payload: Payload<Event>): void;
  /**
   * Says who the visitor is. What is still queued leaves with it, and everything after. Another person than before
   * begins a new anonymous id. May be called on every page: nothing new sends nothing.
   * @example identify({email: 'ann@example.com', externalCustomerId: '1001'})
   */
  identify(person: Identity): void;
  /** Forgets who the visitor is: call it when they sign out. What they did until now still leaves as theirs. */
  reset(): void;
  /**
   * Says what the visitor allows: everything, nothing, or each purpose. It is not stored: say it on every page. It
   * counts more than any other source; a purpose that is left out stays as it was.
   *
   * A yes keeps and sends what has waited, with its own time. A no, at any time, removes everything the tag has in this
   * browser, in all tabs; `{identity: false}` removes who the visitor is, and goes on without a name.
   * @example consent({events: true, identity: false})
   */
  consent(answer: Consent): void;
  /**
   * Forgets the visitor: empties this browser as `consent(false)` does, and has the relay drop what has not left it. On
   * this page nothing is kept until `consent(true)`, on the next as its sources say. Resolves to whether the relay has
   * confirmed: with `wire: 'v2'`, where there is none, to false.
   */
  forget(): Promise<boolean>;
  /**
   * Subscribes to newsletters. Needs `SUBSCRIBE=on` in the relay. Resolves to whether the relay took it; why not is told
   * by `on('invalid')`. The platform asks the new subscriber for a confirmation (double opt-in) where a workflow is set
   * up for it.
   * @example subscribe({email: 'ann@example.com', groups: ['News'], formType: 'footer'})
   */
  subscribe(subscription: Subscription): Promise<boolean>;
  /**
   * Listens; answers a function that stops listening.
   * @example on('invalid', ({event, reason}) => console.warn(event, reason))
   */
  on<Name extends keyof Notices>(name: Name, listener: (notice: Notices[Name]) => void): () => void;
  /** Sends what is queued now; resolves when it was answered, or at the first failure; without consent at once. */
  flush(): Promise<void>;
}
