import type { Scenario } from '../scenario';
import { browserTroubles } from './browser';
import { platformTroubles } from './platform';
import { races } from './races';
import { relayTroubles } from './relay';
import { visits } from './visits';

/**
 * Every scenario, in the order they run.
 * @param older names of the older tags that are kept
 */
export const allScenarios = (older: string[]): Scenario[] => [
  ...races,
  ...browserTroubles,
  ...visits(older),
  // Last: after these the relay asks the platform slowly, and has to learn its rate anew.
  ...relayTroubles,
  ...platformTroubles,
];
