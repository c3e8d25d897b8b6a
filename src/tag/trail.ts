import { faultOfSize, toBody } from '../protocol/body';
import { faultOfKey } from '../protocol/keys';
import { toParams } from '../protocol/params';
import type { Copy } from '../protocol/plain';
import type { Person } from '../protocol/types';
import { now } from './browser/clock';
import { uuid } from './browser/uuid';
import { createCart } from './cart/cart';
import type { Options } from './config';
import type { Purpose, State } from './consent/consent';
import { createDelivery, type Delivery } from './delivery/delivery';
import type { Requests } from './delivery/request';
import { createWire } from './delivery/wire';
import { createIdentity, PERSON } from './identity/identity';
import { createRenewal } from './identity/renewal';
import { createVisitor } from './identity/visitor';
import { createQueue, EVENT, type Kept } from './queue/queue';
import { cookie, lookSoon } from './storage/cookies';
import { names } from './storage/names';
import { createStore } from './storage/store';
import type { Emit } from './types';

/** A call of `track()` on its way to the queue. */
export interface Tracked {
  event: string;
  copy: Copy;
  at: number;
  /** The address, when the event is a view of it. */
  href?: string;
  captured: boolean;
  /** Made here, except for what was kept for another page. */
  id?: string;
}

interface Needs {
  config: Required<Options>;
  emit: Emit;
  requests: Requests;
  /** Takes addresses and secrets out of a text with URLs. */
  redact(text: string): string;
  /** Asks once more what the visitor allows: before anything leaves. */
  ask(): void;
  /** What the visitor allows now. Where a source speaks late, a trail may have to wait for the answer. */
  is(purpose: Purpose): State;
}

/** The key under which it is kept when the endpoint wants to be asked again. */
export const RETRY_AT = ['r'];

const DAY = 86_400_000;

/**
 * What is kept of a visitor and sent, from the moment they allow it until they do not: stamp (id, anonymous id) → queue
 * → delivery. Nothing here is begun, read or written before.
 */
export const startTrail = ({ config, emit, requests, redact, ask, is }: Needs) => {
  const page = `${now().toString(36)}-${uuid().slice(0, 8)}`;
  const store = createStore(page, () => emit('degraded', {}));
  const wire = createWire(requests, config.wire === 'v2');
  const jar = cookie(names.visitor);
  const renew = createRenewal({ ...jar, ask: (...of) => wire.renew(...of).then(() => !ended) });
  const renewing = (write: typeof jar.write) => (value: string, before?: string) => {
    const { there, domain } = write(value, before);
    renew(value, domain);
    return there;
  };
  const visitor = createVisitor({ ...jar, write: renewing(jar.write), put: renewing(jar.put) });
  const identity = createIdentity(store, visitor, uuid);
  const cart = createCart(cookie(names.cart));
  const dropped = (reason: 'full' | 'age', { id, eventTypeKey }: Kept) =>
    emit('dropped', { id, event: eventTypeKey, reason });
  const queue = createQueue(page, store, config.maxEvents, event => dropped('full', event));
  /** There is none until it is known who is here: until then events are only kept. */
  let delivery: Delivery | undefined;
  /** Ends when it is known whom the last `identify()` named. */
  let deciding: Promise<void> | undefined;
  let ended = false;

  const personOf = (anonymousId: string) =>
    is('identity') === 'granted' ? identity.person(anonymousId) : undefined;
  const isHeld = ({ anonymousId }: Kept) =>
    is('events') !== 'granted' ||
    identity.waits(anonymousId) ||
    (config.anonymous === 'hold' && !personOf(anonymousId));

  /**
   * What is kept: who is behind which anonymous id, and the events that nobody has accepted yet; undefined when it may
   * wait, and does.
   */
  const read = async (mayWait?: () => Promise<boolean>): Promise<Kept[] | undefined> => {
    const rows = await store.all(mayWait);
    const events: Kept[] = [];
    const old: Kept[] = [];
    const people: [string, Person][] = [];
    for (const [key, value] of rows ?? []) {
      const [kind, id] = key as string[];
      if (kind === PERSON) people.push([id!, value as Person]);
      if (kind !== EVENT) continue;
      const event = value as Kept | undefined;
      // What a later form of the tag has kept is not ours to read.
      if (event?.v !== 1) continue;
      if (event.at < now() - config.maxDays * DAY) old.push(event);
      else events.push(event);
    }
    if (ended) return [];
    identity.load(people, queue.restamp, store.isSilent());
    for (const event of old) {
      queue.adopt(event);
      dropped('age', event);
    }
    queue.settle(old.map(({ id }) => id));
    return rows && events;
  };

  const deliver = async () => {
    // Who is here may be read later only where no tab has been told.
    const earlier = await read(() => lookSoon().then(() => !visitor.isKnown()));
    if (ended) return;
    identity.prune(id => [...(earlier ?? []), ...queue.events()].some(event => event.anonymousId === id));
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
          event: toBody(event, personOf(event.anonymousId)),
        }),
        held: isHeld,
        orphans: async () => (await read())!,
        recall: async anonymousIds => {
          ask();
          await deciding;
          if (ended) return 0;
          visitor.agree(queue.restamp);
          const keys = anonymousIds.map(id => [PERSON, id]);
          const [at, ...people] = await store.get([RETRY_AT, ...keys]);
          people.forEach((person, n) => {
            if (person) identity.learn(anonymousIds[n]!, person as Person);
          });
          return Number(at ?? 0);
        },
        postpone: at => (at ? store.put(RETRY_AT, at) : store.remove(RETRY_AT)),
      },
      earlier,
    );
  };

  /** Reads who is here by what all tabs have told the table. */
  const decide = async () => {
    let id: string;
    let row: unknown;
    // Another tab may begin another visitor meanwhile, of whom nothing was read.
    do {
      id = visitor.id();
      [row] = await store.get([[PERSON, id]]);
      if (ended) return;
    } while (visitor.id() !== id);
    identity.load(row ? [[id, row as Person]] : [], queue.restamp, store.isSilent());
    delivery!.added();
  };

  /** The same when there is no time to ask the table. */
  const decideNow = () => {
    if (identity.waits()) identity.load([], queue.restamp, true);
  };

  /**
   * Checks a call, and gives its event to the queue. What is wrong with a captured one costs it the field, not the event.
   */
  const accept = ({ event, copy, at, href, captured, id = uuid() }: Tracked) => {
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
    for (const param of params) {
      const { name, value } = param;
      if (typeof value === 'string' && (name === 'page' || /^https?:/.test(value)))
        param.value = redact(value);
    }
    const sizeFault = faultOfSize(event, params);
    if (sizeFault) return refuse(sizeFault);
    if (recycleStateId) {
      const textOf = (name: string) => `${params.find(param => param.name === name)!.value}`;
      if (captured && !cart.isNews(textOf('products'))) return;
      cart.sent(textOf('recycleStateId'), textOf('products'));
    }
    queue.add({ id, eventTypeKey: event, params, at, anonymousId: identity.id() });
    emit('tracked', { event, id });
  };

  const ready = deliver();

  return {
    /** Resolves when what earlier pages have left is known. */
    ready,

    accept,

    /** Events were accepted in this task. */
    added(): void {
      delivery?.added();
    },

    /** Takes what is known of the visitor; `learned` is told when that is news. */
    identify(person: Person, learned: () => void): void {
      const undecided = identity.identify(person, another => {
        if (another) cart.forget();
        learned();
        delivery?.identified();
      });
      if (undecided && delivery) deciding = decide();
    },

    /** Whether it is who is here, named or not, of whom `also` was told; undefined when nothing tells. */
    isSame: identity.isSame,

    /** Another person may be here now. */
    reset(): void {
      // Other tabs read the cookie: it must be the next one's at once.
      decideNow();
      identity.reset();
      cart.forget();
    },

    /** The visitor has answered: what has waited may leave. */
    resume(): void {
      delivery?.identified();
    },

    /** The visitor does not want to be named any more; what is queued leaves without a name. */
    async unname(): Promise<void> {
      await ready;
      if (ended) return;
      // At once, because what is queued may be about to leave; then what only the reading tells of.
      const fresh = identity.forget();
      for (const [from, to] of fresh) queue.restamp(from, to);
      const elsewhere = (await read())!.filter(({ id }) => !queue.has(id));
      if (ended) return;
      for (const [from, to] of [...fresh, ...identity.forget()]) {
        queue.restamp(from, to);
        queue.restamp(from, to, elsewhere);
      }
    },

    /** The anonymous ids that this browser has something of. */
    ids: (): string[] => [
      identity.id(),
      ...identity.ids(),
      ...queue.events().map(event => event.anonymousId),
      ...store.left().flatMap(([, value]) => (value as Partial<Kept> | undefined)?.anonymousId ?? []),
    ],

    hide(): void {
      decideNow();
      visitor.agree(queue.restamp);
      // First what keeps, then what may help: a page that is being closed may come no further (seen in WebKit).
      store.leave();
      delivery?.hide();
      // What a beacon took is settled there, and nobody asks about it again.
      if (!wire.asks) store.leave();
    },

    show(): void {
      delivery?.show();
    },

    online(): void {
      delivery?.online();
    },

    /** Whether the cookie went while the page was away: another tab has removed it, or the visitor. */
    isLost: (): boolean => visitor.isLost(),

    async flush(): Promise<void> {
      await ready;
      await delivery?.flush();
    },

    /** The visitor allows it no more: nothing is kept or sent from here on, and no answer changes that. */
    end(): void {
      ended = true;
      delivery?.end();
      requests.abort();
      store.end();
    },
  };
};

export type Trail = ReturnType<typeof startTrail>;
