/** The script-tag entry: becomes `window.shoptrail`, adopts the calls made before it arrived, starts by `data-endpoint`. */

import type { Options } from './config';
import { optionsOf } from './config';
import { type Call, createShoptrail } from './shoptrail';
import type { Shoptrail } from './types';

/** What the page's early-call stub has gathered: method, arguments, time, page. */
type Early = [method: string, args: ArrayLike<never>, at: number, href: string];

const page = window as { shoptrail?: Partial<Shoptrail> & { q?: Early[] } };

if (page.shoptrail?.version) {
  console.warn('shoptrail: a second copy of the tag is on this page; it does nothing.');
} else {
  const early = page.shoptrail?.q ?? [];
  const { replay, ...api } = createShoptrail();
  // Into the object that is there: whoever kept a reference to the stub has the tag now.
  const shoptrail = Object.assign((page.shoptrail ??= {}), api);
  delete shoptrail.q;
  // Not `currentScript` alone: optimisers move scripts, and run them later.
  const script = document.querySelector<HTMLElement>('script[data-endpoint]');
  let options: Partial<Options> = script ? optionsOf(script) : {};
  for (const [method, args, at, href] of early) {
    if (method === 'init') options = { ...options, ...(args[0] as unknown as Options) };
    else if (method === 'on') api.on(args[0]!, args[1]!);
    else replay([method, args, { at, href }] as unknown as Call);
  }
  if (options.endpoint) api.init(options as Options);
}
