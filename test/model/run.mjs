/** The model test of identity (README.md beside this file). */
import { runBundled } from '../support/bundled.mjs';

await runBundled('model');
