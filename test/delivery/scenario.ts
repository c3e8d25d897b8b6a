import type { Browser } from '../support/engines/index';
import type { Trial } from './trial';

/** Something that happens to a visitor's events. */
export interface Scenario {
  /** What one types after `--scenario`. */
  name: string;
  /** `race`: an act follows `track()` after 0 to 60 ms. `outage`: something is missing or broken for a while. */
  group: 'race' | 'outage';
  /** What happens. Throws when something other than loss and repetition is wrong. */
  run(trial: Trial): Promise<void>;
  /** How many trials may run at once, each in its own tab. @default 1 */
  together?: number;
  /** Why this browser cannot do it, asked of the browser itself; undefined when it can. */
  cannot?(browser: Browser): string | undefined | Promise<string | undefined>;
  /** Whether the tag may give events up here, as long as it says so. @default false */
  mayDrop?: boolean;
  /** Whether the shop is on plain http. @default false */
  plainHttp?: boolean;
  /** Whether the visitor has switched cookies off. @default false */
  refuseCookies?: boolean;
}

/** Thrown by a scenario that finds out in a trial that the engine cannot do it. */
export class Cannot extends Error {}

/** Throws a sentence when something is not as it should be. */
export const check = (holds: boolean, otherwise: string): void => {
  if (!holds) throw Error(otherwise);
};
