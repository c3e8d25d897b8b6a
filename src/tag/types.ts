import type { CustomPayload, Identity, SiteEvents } from '../protocol/types';
import type { Options } from './config';

/** What a call of `track()` takes beside the event's name: the fields of a site event, or any data of the shop's own. */
export type Payload<Event extends string> = Event extends 'pageViewed'
  ? [payload?: SiteEvents['pageViewed']]
  : Event extends keyof SiteEvents
    ? [payload: SiteEvents[Event]]
    : [payload?: CustomPayload];

/** What `on()` tells of, and with which detail. */
export interface Notices {
  /** An event, or one field of a captured event, was refused before it was kept. `reason` says what to do. */
  invalid: { event: string; reason: string };
  /** An event was kept, and will be delivered. */
  tracked: { event: string; id: string };
  /** The endpoint confirmed these events. */
  accepted: { ids: string[] };
  /** The endpoint refused an event for good. */
  rejected: { id: string; reason: string };
  /** An event was given up: the queue was full, or the event too old. */
  dropped: { event: string; id: string; reason: 'full' | 'age' };
  /** Requests fail without any answer although the browser is online: a content blocker, or a wrong address. */
  blocked: { events: number };
  /** The browser's database cannot be had: events live in memory and in a small journal until they are delivered. */
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
   * Listens; answers a function that stops listening.
   * @example on('invalid', ({event, reason}) => console.warn(event, reason))
   */
  on<Name extends keyof Notices>(name: Name, listener: (notice: Notices[Name]) => void): () => void;
  /** Sends what is queued now; resolves when it was answered, or at the first failure. */
  flush(): Promise<void>;
}
