import { plain } from '../protocol/plain';
import { now } from './browser/clock';
import { configure, type Options } from './config';
import { toAnswer } from './consent/answer';
import type { Answer } from './consent/consent';
import { type Moment, startTag } from './tag';
import type { Emit, Notices, Shoptrail } from './types';

declare const SHOPTRAIL_VERSION: string;

/** A call that was made before the tag was started. */
export type Call = [
  method: 'track' | 'identify' | 'reset' | 'flush' | 'consent' | 'subscribe' | 'forget',
  args: ArrayLike<unknown>,
  moment: Moment,
];

/**
 * The public calls over a tag that may not have started yet: each edge catches what goes wrong, so that nothing is
 * ever thrown into the shop's page.
 */
export const createShoptrail = (): Shoptrail & { replay(call: Call): unknown } => {
  const listeners = new Map<string, ((notice: never) => void)[]>();
  const waiting: (() => void)[] = [];
  /** What the shop has said about consent before the tag has started. */
  let told: Answer = {};
  let tag: ReturnType<typeof startTag> | undefined;
  let starting = false;
  let debug = false;

  const say = (...words: unknown[]) => debug && console.info('shoptrail:', ...words);

  /** Says in the console what the owner must mend: without it nothing at all would arrive. */
  const fenced = (work: () => void) => {
    try {
      work();
    } catch (error) {
      console.warn(`shoptrail: ${(error as Error).message}`);
    }
  };

  const emit: Emit = (name, notice) => {
    say(name, notice);
    for (const listener of listeners.get(name) ?? []) {
      try {
        listener(notice as never);
      } catch (error) {
        say('a listener failed', error);
      }
    }
  };

  const consent = (said: unknown) => {
    const answer = toAnswer(said);
    if (!answer) {
      const reason = 'answer: expected true, false or {events, identity} with true or false';
      emit('invalid', { event: 'consent', reason });
    } else if (tag) tag.consent(answer);
    else told = { ...told, ...answer };
  };

  const replay = async ([method, args, moment]: Call): Promise<unknown> => {
    if (!tag && method !== 'consent') {
      // As it is now: the shop may change it before the tag starts.
      const copy = (plain(Array.from(args)).data ?? args) as unknown[];
      const call: Call = [method, copy, { href: document.URL, ...moment }];
      const later = new Promise(done => waiting.push(() => done(replay(call))));
      // Nothing has been queued that it could wait for.
      return method === 'flush' ? undefined : later;
    }
    try {
      if (!tag || method === 'consent') return consent(args[0]);
      return await tag[method](moment, ...(Array.from(args) as [never, never]));
    } catch {
      emit('invalid', { event: method, reason: 'payload: cannot be read' });
    }
  };

  const call = (method: Call[0], ...args: unknown[]) => replay([method, args, { at: now() }]);

  return {
    version: SHOPTRAIL_VERSION,

    init(options: Options): void {
      fenced(() => {
        if (starting) throw Error('init: the tag has already started');
        const config = configure(options);
        debug = config.debug;
        starting = true;
        const start = () =>
          fenced(() => {
            if (tag) return;
            starting = false;
            tag = startTag(config, emit, told);
            starting = true;
            for (const made of waiting.splice(0)) made();
          });
        // In a task of its own: the page is still loading. Or at once, when it is about to end.
        setTimeout(start);
        addEventListener('pagehide', start, true);
      });
    },

    track: (event, payload?: unknown) => void call('track', event, payload),
    identify: person => void call('identify', person),
    reset: () => void call('reset'),
    consent: answer => void call('consent', answer),
    forget: () => call('forget').then(Boolean),
    subscribe: subscription => call('subscribe', subscription).then(Boolean),
    flush: () => call('flush') as Promise<void>,

    on<Name extends keyof Notices>(name: Name, listener: (notice: Notices[Name]) => void) {
      listeners.set(name, [...(listeners.get(name) ?? []), listener]);
      return () => {
        listeners.set(
          name,
          listeners.get(name)!.filter(other => other !== listener),
        );
      };
    },

    replay,
  };
};
