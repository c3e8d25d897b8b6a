import { now } from './browser/clock';
import { configure, type Options } from './config';
import { type Emit, type Moment, startTag } from './tag';
import type { Notices, Shoptrail } from './types';

declare const SHOPTRAIL_VERSION: string;

/** A call that was made before the tag was started. */
export type Call = [
  method: 'track' | 'identify' | 'reset' | 'flush',
  args: ArrayLike<unknown>,
  moment: Moment,
];

/**
 * The public calls over a tag that may not have started yet: each edge catches what goes wrong, so that nothing is
 * ever thrown into the shop's page.
 */
export const createShoptrail = (): Shoptrail & { replay(call: Call): void } => {
  const listeners: { [name: string]: ((notice: never) => void)[] } = {};
  let waiting: Call[] = [];
  let tag: Awaited<ReturnType<typeof startTag>> | undefined;
  let started = false;
  let debug = false;

  const say = (...words: unknown[]) => debug && console.info('shoptrail:', ...words);

  const emit: Emit = (name, notice) => {
    say(name, notice);
    for (const listener of listeners[name] ?? []) {
      try {
        listener(notice as never);
      } catch (error) {
        say('a listener failed', error);
      }
    }
  };

  const replay = async ([method, args, moment]: Call): Promise<void> => {
    if (!tag) {
      waiting.push([method, args, moment]);
      return;
    }
    try {
      await tag[method](moment, ...(Array.from(args) as [never, never]));
    } catch {
      emit('invalid', { event: method, reason: 'payload: cannot be read' });
    }
  };

  const call = (method: Call[0], ...args: unknown[]) =>
    replay([method, args, { at: now(), href: location.href }]);

  return {
    version: SHOPTRAIL_VERSION,

    async init(options: Options): Promise<void> {
      try {
        if (started) throw Error('init: the tag has already started');
        debug = !!options?.debug;
        const config = configure(options);
        started = true;
        tag = await startTag(config, emit);
        for (const made of waiting) replay(made);
        waiting = [];
      } catch (error) {
        console.warn(`shoptrail: ${(error as Error).message}`);
      }
    },

    track: (event, payload?: unknown) => void call('track', event, payload),
    identify: person => void call('identify', person),
    reset: () => void call('reset'),
    flush: () => call('flush'),

    on<Name extends keyof Notices>(name: Name, listener: (notice: Notices[Name]) => void) {
      (listeners[name] ??= []).push(listener);
      return () => {
        listeners[name] = listeners[name]!.filter(other => other !== listener);
      };
    },

    replay,
  };
};
