/** The model test of identity (README.md beside this file). Bundles them, and runs them from the project's folder. */
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from '../../scripts/install.mjs';

process.chdir(root);
const results = resolve('test-results/model');
// Outboxes, sockets and what browsers put aside: nothing is written elsewhere.
process.env.TMPDIR = `${results}/tmp`;
mkdirSync(process.env.TMPDIR, { recursive: true });

const outfile = `${results}/main.mjs`;
await build({
  entryPoints: ['test/model/main.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  plugins: [
    {
      // They know the project's folder by where they lie.
      name: 'scripts stay where they are',
      setup: ({ onResolve }) =>
        onResolve({ filter: /\/scripts\// }, ({ path, resolveDir }) => ({
          path: pathToFileURL(resolve(resolveDir, path)).href,
          external: true,
        })),
    },
  ],
});
const { main } = await import(pathToFileURL(outfile).href);
process.exit(await main(process.argv.slice(2)));
