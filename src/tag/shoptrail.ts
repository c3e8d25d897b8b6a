import { plain } from '../protocol/plain';
import { now } from './browser/clock';
import { configure, type Options } from './config';
import { type Moment, startTag } from './tag';
import type { Emit, Notices, Shoptrail } from './types';

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
  const listeners = new Map<string, ((notice: never) => void)[]>();
  const waiting: Call[] = [];
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

  const replay = async ([method, args, moment]: Call): Promise<void> => {
    if (!tag) {
      // As it is now: the shop may change it before the tag starts.
      waiting.push([
        method,
        (plain(Array.from(args)).data ?? args) as unknown[],
        { href: location.href, ...moment },
      ]);
      return;
    }
    try {
      await tag[method](moment, ...(Array.from(args) as [never, never]));
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
            tag = startTag(config, emit);
            starting = true;
            for (const made of waiting.splice(0)) replay(made);
          });
        // In a task of its own: the page is still loading. Or at once, when it is about to end.
        setTimeout(start);
        addEventListener('pagehide', start, { capture: true, once: true });
      });
    },

    track: (event, payload?: unknown) => void call('track', event, payload),
    identify: person => void call('identify', person),
    reset: () => void call('reset'),
    flush: () => call('flush'),

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
