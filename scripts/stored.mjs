/** Writes the README's table of what the tag keeps, from the tag's own constants: `npm run stored`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const root = new URL('..', import.meta.url);
const { outputFiles } = await build({
  absWorkingDir: root.pathname,
  entryPoints: ['src/tag/storage/stored.ts'],
  bundle: true,
  write: false,
  format: 'esm',
});
const { storedTable } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
const readme = new URL('README.md', root);
const table = `<!-- stored -->\n\n${storedTable()}\n\n<!-- /stored -->`;
const text = readFileSync(readme, 'utf8');
writeFileSync(
  readme,
  text.replace(/<!-- stored -->.*<!-- \/stored -->/s, () => table),
);
