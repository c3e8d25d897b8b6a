import { byteLength } from '../../protocol/size';
import type { Envelope, IngestAnswer } from '../../protocol/types';
import { whenIdle } from '../browser/idle';
import type { Kept, Queue } from '../queue/queue';
import { backoff } from './backoff';
import type { Wire } from './wire';

/** Keepalive and beacon bodies in flight share 64 KiB (https://fetch.spec.whatwg.org/#http-network-or-cache-fetch). */
const MOST_BYTES = 60_000;

/** A burst of this many events is not gathered any longer. */
const BURST = 20;

interface Needs {
  queue: Queue;
  wire: Wire;
  /** How long a burst is gathered before it is sent, in milliseconds. */
  delay: number;
  /** The event as it leaves, with whoever is known by now. */
  envelope(event: Kept): Envelope;
  emit(name: 'accepted' | 'rejected', detail: Record<string, unknown>): void;
}

/** Hands the queue's events to the endpoint, one request at a time, and removes what it accepted, by id. */
export const createDelivery = ({ queue, wire, delay, envelope, emit }: Needs) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let flight: Promise<void> | undefined;
  /** Ids on their way, or taken by a beacon. */
  let gone: string[] = [];
  let failures = 0;

  /** Sends a burst together: after a short delay, or at once when there is much; after a failure, later. */
  const soon = () => {
    const { length } = queue.events();
    if (length)
      timer ??= setTimeout(whenIdle, failures ? backoff(failures) : length < BURST ? delay : 0, send);
  };

  /** The first events that fit into a request. */
  const compose = (events: Kept[]) => {
    const encoded = events.slice(0, wire.most()).map(event => wire.encode(envelope(event)));
    while (encoded[1] && byteLength(wire.body(encoded)) > MOST_BYTES) encoded.length >>= 1;
    return {
      body: encoded[0] && wire.body(encoded),
      ids: events.slice(0, encoded.length).map(({ id }) => id),
    };
  };

  const send = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    await (flight ??= request());
    flight = undefined;
    soon();
  };

  const request = async () => {
    const { body, ids } = compose(queue.events());
    if (!body) return;
    gone = ids;
    finish(await wire.send(body, ids, !failures));
    gone = [];
    failures = ids.some(queue.has) ? failures + 1 : 0;
  };

  const finish = ({ accepted, rejected }: IngestAnswer) => {
    if (accepted.length) emit('accepted', { ids: accepted });
    for (const refusal of rejected) emit('rejected', { ...refusal });
    queue.settle([...accepted, ...rejected.map(({ id }) => id)]);
  };

  soon();
  return {
    added: soon,
    flush: send,

    /** Offers events to beacons: what the browser will not take stays for the next page. */
    hide(): void {
      for (;;) {
        const { body, ids } = compose(queue.events().filter(({ id }) => !gone.includes(id)));
        if (!body || !wire.beacon(body)) return;
        gone = [...gone, ...ids];
        if (!wire.dedupes) finish({ accepted: ids, rejected: [] });
      }
    },

    /** The page is seen again, or the network may be back: what only beacons took is sent again. */
    show(): void {
      gone = [];
      if (queue.events().length) send();
    },
  };
};
