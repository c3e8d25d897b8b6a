/**
 * Bytes of the tag as visitors download it. `node bench/size.mjs` prints them, `--check` fails when the budget or the
 * README's number is wrong, `--write` puts the number into the README.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const root = new URL('..', import.meta.url);

/** Brotli bytes that the whole tag may have. Raising it is a line in the changelog that says what was bought. */
const BUDGET = 14000;

const code = readFileSync(new URL('dist/shoptrail.js', root));
const brotli = brotliCompressSync(code, {
  params: { [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT },
});
const sizes = { minified: code.length, gzip: gzipSync(code, { level: 9 }).length, brotli: brotli.length };

console.log(
  `dist/shoptrail.js: ${sizes.minified} bytes, ${sizes.gzip} gzip, ${sizes.brotli} brotli (budget ${BUDGET})`,
);

const readme = new URL('README.md', root);
const text = readFileSync(readme, 'utf8');
const told = /<!-- size -->.*?<!-- \/size -->/;
const number = `<!-- size -->${(sizes.brotli / 1000).toFixed(1)} KB<!-- /size -->`;

if (process.argv.includes('--write')) writeFileSync(readme, text.replace(told, number));
if (process.argv.includes('--check')) {
  const faults = [];
  if (sizes.brotli > BUDGET) faults.push(`The tag is ${sizes.brotli - BUDGET} bytes over its budget.`);
  if (told.exec(text)?.[0] !== number)
    faults.push('The README has another number: run `node bench/size.mjs --write`.');
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length ? 1 : 0;
}
