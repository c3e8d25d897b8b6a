import { faultOfSize, fitsReserve, toBody } from '../protocol/body';
import { faultOfKey } from '../protocol/keys';
import { toParams } from '../protocol/params';
import { toPerson } from '../protocol/person';
import type { Identity, Person } from '../protocol/types';
import { now } from './browser/clock';
import { onHide, onShow } from './browser/lifecycle';
import { uuid } from './browser/uuid';
import { watchAttributes } from './capture/attributes';
import { watchPageViews } from './capture/page-views';
import { createCart } from './cart/cart';
import type { Options } from './config';
import { createDelivery } from './delivery/delivery';
import { createWire } from './delivery/wire';
import { createIdentity, PERSON } from './identity/identity';
import { createVisitor } from './identity/visitor';
import { createQueue, type Kept } from './queue/queue';
import { cookie } from './storage/cookies';
import { names } from './storage/names';
import { createStore } from './storage/store';
import type { Notices } from './types';

/** When and where a call was made. */
export interface Moment {
  at: number;
  href: string;
}

/** Tells the listeners of `on()`. */
export type Emit = <Name extends keyof Notices>(name: Name, notice: Notices[Name]) => void;

/**
 * The journey of every event: read this file first.
 *
 * capture → `track()` → check → stamp (id, time, page, anonymous id: now) → queue → delivery → relay. One direction.
 */
export const startTag = async (config: Required<Options>, emit: Emit) => {
  const page = `${now().toString(36)}-${uuid().slice(0, 8)}`;
  const store = createStore(() => emit('degraded', {}));
  const visitor = createVisitor(cookie(names.visitor));
  const identity = createIdentity(store, visitor);
  const cart = createCart(cookie(names.cart));
  const queue = createQueue(page, store);

  // What earlier pages have left: who was here, and what nobody has accepted yet.
  for (const [key, value] of await store.all()) {
    const [kind, id] = key as string[];
    if (kind === PERSON) identity.load(id!, value as Person);
    else queue.adopt(value as Kept);
  }

  const delivery = createDelivery({
    queue,
    emit,
    delay: config.delay,
    wire: createWire(config.endpoint, config.wire === 'v2'),
    envelope: ({ id, at, ...record }) => ({
      id,
      at,
      event: toBody({ id, ...record }, identity.person(record.anonymousId)),
    }),
  });

  /** An event that was asked for, or seen. What is wrong with a captured one costs it the field, not the event. */
  const track = (moment: Moment, event: string, payload?: unknown, captured = false) => {
    const refuse = (reason: string) => emit('invalid', { event: `${event}`, reason });
    const keyFault = faultOfKey(event);
    if (keyFault) return refuse(keyFault);
    const recycleStateId = event === 'cartUpdated' ? cart.id() : undefined;
    const { params, faults } = toParams(event, payload, { page: { location: moment.href }, recycleStateId });
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
    queue.add({ id, eventTypeKey: event, params, at: moment.at, anonymousId: visitor.id() });
    emit('tracked', { event, id });
    delivery.added();
  };

  const identify = (moment: Moment, told: Identity) => {
    const { person, hopeless } = toPerson(told ?? {}, config.defaultCountry);
    const refuse = (reason: string) => emit('invalid', { event: 'identify', reason });
    for (const field of hopeless) refuse(`${field}: cannot be read as one`);
    if (!Object.keys(person).length) return refuse('person: nothing that says who it is');
    if (!fitsReserve(person)) return refuse('person: too long');
    const before = visitor.id();
    if (!identity.identify(person)) return;
    if (visitor.id() !== before) cart.forget();
    if (config.identifyEvent) track(moment, 'visitorIdentified');
  };

  const capture = () => {
    const found = (event: string, payload?: unknown) =>
      track({ at: now(), href: location.href }, event, payload, true);
    const viewed = config.attributes && watchAttributes(found);
    watchPageViews(restored => {
      if (config.pageViews) found('pageViewed');
      if (viewed) viewed(restored);
    });
  };

  onHide(delivery.hide);
  onShow(delivery.show);
  addEventListener('online', delivery.show);
  // Frames are previews, page builders and widgets: what happens in them is no visit.
  if (self === top) capture();

  return {
    track,
    identify,
    flush: delivery.flush,
    reset(): void {
      visitor.renew();
      cart.forget();
    },
  };
};
