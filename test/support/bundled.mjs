/** Bundles the `main.ts` of a folder of `test/`, and runs it from the project's folder with this process's arguments. */
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from '../../scripts/install.mjs';

/** @param name of the folder; what it writes goes to `test-results/` under the same name */
export const runBundled = async name => {
  process.chdir(root);
  const results = resolve(`test-results/${name}`);
  // Outboxes, sockets and what browsers put aside: nothing is written elsewhere.
  process.env.TMPDIR = `${results}/tmp`;
  mkdirSync(process.env.TMPDIR, { recursive: true });

  const outfile = `${results}/main.mjs`;
  await build({
    entryPoints: [`test/${name}/main.ts`],
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
};
