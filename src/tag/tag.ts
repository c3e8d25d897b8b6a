import { faultOfSize, fitsReserve, toBody } from '../protocol/body';
import { faultOfKey } from '../protocol/keys';
import { toParams } from '../protocol/params';
import { toPerson } from '../protocol/person';
import { type Copy, plain } from '../protocol/plain';
import type { Identity, Person } from '../protocol/types';
import { now } from './browser/clock';
import { onHide, onShow, whenActivated } from './browser/lifecycle';
import { uuid } from './browser/uuid';
import { startCapture } from './capture/capture';
import { createCart } from './cart/cart';
import type { Options } from './config';
import { createDelivery, type Delivery } from './delivery/delivery';
import { createWire } from './delivery/wire';
import { createIdentity, PERSON } from './identity/identity';
import { createVisitor } from './identity/visitor';
import { createQueue, EVENT, type Kept } from './queue/queue';
import { cookie } from './storage/cookies';
import { names } from './storage/names';
import { createStore } from './storage/store';
import type { Emit } from './types';

/** When and where a call was made. */
export interface Moment {
  at: number;
  /** Left out when it is the page that is open now. */
  href?: string;
}

/** A call of `track()` on its way to the queue. */
interface Tracked {
  event: string;
  copy: Copy;
  at: number;
  /** The address, when the event is a view of it. */
  href: string | undefined;
  captured: boolean;
}

/** The key under which it is kept when the endpoint wants to be asked again. */
const RETRY_AT = ['r'];

const DAY = 86_400_000;

/**
 * The journey of every event: read this file first.
 *
 * capture → `track()` → check → stamp (id, anonymous id) → queue → delivery → relay. One direction.
 */
export const startTag = (config: Required<Options>, emit: Emit) => {
  const page = `${now().toString(36)}-${uuid().slice(0, 8)}`;
  const store = createStore(page, () => emit('degraded', {}));
  const wire = createWire(config.endpoint, config.wire === 'v2');
  const jar = cookie(names.visitor);
  const visitor = createVisitor({ ...jar, write: value => wire.renew(value, jar.write(value)) });
  const identity = createIdentity(store, visitor, uuid);
  const cart = createCart(cookie(names.cart));
  const dropped = (reason: 'full' | 'age', { id, eventTypeKey }: Kept) =>
    emit('dropped', { id, event: eventTypeKey, reason });
  const queue = createQueue(page, store, config.maxEvents, event => dropped('full', event));
  /** There is none until it is known who is here: until then events are only kept. */
  let delivery: Delivery | undefined;
  /** What this task has called so far. */
  const calls: Tracked[] = [];

  /** Checks a call, and gives its event to the queue. What is wrong with a captured one costs it the field, not the event. */
  const accept = ({ event, copy, at, href, captured }: Tracked) => {
    const refuse = (reason: string) => emit('invalid', { event, reason });
    const keyFault = faultOfKey(event);
    if (keyFault) return refuse(keyFault);
    const recycleStateId = event === 'cartUpdated' ? cart.id() : undefined;
    const { params, faults } = toParams(event, copy, {
      page: href && { location: href },
      recycleStateId,
    });
    for (const { reason } of faults) refuse(reason);
    if (faults.some(fault => fault.required || !captured)) return;
    const sizeFault = faultOfSize(event, params);
    if (sizeFault) return refuse(sizeFault);
    if (recycleStateId) {
      const value = (name: string) => `${params.find(param => param.name === name)!.value}`;
      if (captured && !cart.isNews(value('products'))) return;
      cart.sent(value('recycleStateId'), value('products'));
    }
    const id = uuid();
    queue.add({ id, eventTypeKey: event, params, at, anonymousId: identity.id() });
    emit('tracked', { event, id });
  };

  /**
   * Takes what this task has called: at the task's end, or before anything that changes who is here. In the call itself
   * only the payload is copied: the shop's own code waits for that. The first look at the cookie in a task alone takes
   * longer than all the rest.
   */
  const takeCalls = () => {
    if (!calls.length) return;
    for (const call of calls.splice(0)) {
      try {
        accept(call);
      } catch {
        emit('invalid', { event: `${call.event}`, reason: 'payload: cannot be read' });
      }
    }
    delivery?.added();
  };

  /** An event that was asked for, or seen. */
  const track = ({ at, href }: Moment, event: string, payload?: unknown, captured = false) => {
    // Only a page view needs the address, and asking for it is not for nothing.
    const address = event === 'pageViewed' ? (href ?? location.href) : undefined;
    const call = { event, copy: plain(payload ?? {}), at, href: address, captured };
    if (calls.push(call) === 1) queueMicrotask(takeCalls);
  };

  const identify = (moment: Moment, told?: Identity) => {
    const { person, hopeless } = toPerson(told ?? {}, config.defaultCountry);
    const refuse = (reason: string) => emit('invalid', { event: 'identify', reason });
    for (const field of hopeless) refuse(`${field}: cannot be read as one`);
    if (!Object.keys(person).length) return refuse('person: nothing that says who it is');
    if (!fitsReserve(person)) return refuse('person: too long');
    takeCalls();
    identity.identify(person, another => {
      if (another) cart.forget();
      if (config.identifyEvent) track(moment, 'visitorIdentified');
      delivery?.identified();
    });
  };

  /** What is kept: who is behind which anonymous id, and the events that nobody has accepted yet. */
  const read = async (): Promise<Kept[]> => {
    const events: Kept[] = [];
    const old: Kept[] = [];
    const people: [string, Person][] = [];
    for (const [key, value] of await store.all()) {
      const [kind, id] = key as string[];
      if (kind === PERSON) people.push([id!, value as Person]);
      if (kind !== EVENT) continue;
      const event = value as Kept | undefined;
      // What a later form of the tag has kept is not ours to read.
      if (event?.v !== 1) continue;
      if (event.at < now() - config.maxDays * DAY) old.push(event);
      else events.push(event);
    }
    identity.load(people, queue.restamp);
    for (const event of old) {
      queue.adopt(event);
      dropped('age', event);
    }
    queue.settle(old.map(({ id }) => id));
    return events;
  };

  const deliver = async () => {
    const earlier = await read();
    identity.prune(id => earlier.some(event => event.anonymousId === id));
    delivery = createDelivery(
      {
        queue,
        page,
        emit,
        delay: config.delay,
        wire,
        envelope: event => ({
          id: event.id,
          at: event.at,
          ...(config.anonymous === 'hold' && { held: true }),
          event: toBody(event, identity.person(event.anonymousId)),
        }),
        held: ({ anonymousId }) => config.anonymous === 'hold' && !identity.person(anonymousId),
        orphans: read,
        recall: async anonymousIds => {
          visitor.agree(queue.restamp);
          const keys = anonymousIds.map(id => [PERSON, id]);
          const [at, ...people] = await store.get([RETRY_AT, ...keys]);
          people.forEach((person, n) => {
            if (person) identity.learn(anonymousIds[n]!, person as Person);
          });
          return Number(at ?? 0);
        },
        postpone: at => store.put(RETRY_AT, at),
      },
      earlier,
    );
  };

  const here = (): Moment => ({ at: now() });
  let arrival: Moment | undefined;
  whenActivated(() => {
    arrival = { at: now(), href: location.href };
  });

  /** Begins once, when it is known who is here; or when the page hides before that. */
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

  const ready = deliver().finally(() => capture?.());
  onHide(() => {
    capture?.();
    takeCalls();
    visitor.agree(queue.restamp);
    delivery?.hide();
    store.save();
  });
  onShow(() => delivery?.show());
  addEventListener('online', () => delivery?.online());

  return {
    track,
    identify,
    async flush(): Promise<void> {
      takeCalls();
      await ready;
      await delivery?.flush();
    },
    reset(): void {
      takeCalls();
      identity.reset();
      cart.forget();
    },
  };
};
