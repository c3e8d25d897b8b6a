/** The delivery torture tests (README.md beside this file). */
import { runBundled } from '../support/bundled.mjs';

await runBundled('delivery');
