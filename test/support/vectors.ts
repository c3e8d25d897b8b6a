import { readFileSync } from 'node:fs';

/** The contract vectors of one file (test/contract/README.md). */
export const vectors = <Case extends { name: string }>(file: string): Case[] =>
  JSON.parse(readFileSync(new URL(`../contract/vectors/${file}.json`, import.meta.url), 'utf8'));

export interface BodyCase {
  name: string;
  body: unknown;
  valid: boolean;
  rule?: string;
  locators?: 'lenient';
  make?: { paramName: string; totalBytes: number; char: string };
}

const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

/** The body of a case, with the param of its `make` filled so that it has exactly the size that is asked for. */
export const bodyOf = ({ body, make }: BodyCase): unknown => {
  if (!make) return body;
  const filled = structuredClone(body) as { params: { name: string; value: string }[] };
  const filler = { name: make.paramName, value: '' };
  filled.params.push(filler);
  const missing = make.totalBytes - bytes(filled);
  const size = Buffer.byteLength(make.char);
  filler.value = make.char.repeat(Math.floor(missing / size)) + 'a'.repeat(missing % size);
  if (bytes(filled) !== make.totalBytes) throw Error('the vector cannot be made');
  return filled;
};
