import { resolve } from 'node:path';
import { findFirefox, findWebKit } from '../../../scripts/engines.mjs';
import { launchChromium, launchFirefox } from './playwright';
import type { Browser, Engine, LaunchOptions } from './types';
import { launchWebKit } from './webkit';

export * from './types';

/** Starts an engine's browser on a profile. */
export type Launch = (options: LaunchOptions) => Promise<Browser>;

/** How an engine is started; undefined, with the reason printed, when it is not on this machine and cannot be had. */
export const findEngine = (engine: Engine): Launch | undefined => {
  if (engine === 'chromium') return launchChromium;
  if (engine === 'firefox') {
    const firefox = findFirefox();
    return firefox ? options => launchFirefox(firefox, options) : undefined;
  }
  const programs = findWebKit();
  // From the project's folder: this module may be bundled.
  const file = resolve('test/support/engines/webkit-browser.js');
  return programs && (options => launchWebKit(programs, file, options));
};
