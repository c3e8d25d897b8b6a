import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { PERSON } from '../../../src/tag/identity/identity';
import { EVENT } from '../../../src/tag/queue/queue';
import { names } from '../../../src/tag/storage/names';
import { stored, storedTable } from '../../../src/tag/storage/stored';
import { RETRY_AT } from '../../../src/tag/trail';

it('the README has the table as the tag’s constants make it: else run `npm run stored`', () => {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  expect(/<!-- stored -->\s*(.*?)\s*<!-- \/stored -->/s.exec(readme)?.[1]).toBe(storedTable());
});

it('every name of the tag is in the table', () => {
  expect(new Set(stored.map(({ name }) => name))).toEqual(new Set(Object.values(names)));
});

it('every kind of record in the database is in the table', () => {
  const kinds = stored.flatMap(({ kind }) => kind ?? []);
  expect(new Set(kinds)).toEqual(new Set([EVENT, PERSON, ...RETRY_AT]));
});
