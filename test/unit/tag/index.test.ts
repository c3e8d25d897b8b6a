import { expect, test } from 'vitest';
import * as entry from '../../../src/tag/index';

test('every method of the npm entry can be imported by name, also on a server', () => {
  const { default: shoptrail, ...named } = entry;
  const { replay, ...methods } = shoptrail as unknown as Record<string, unknown>;
  expect(named).toEqual(methods);
  expect(Object.keys(named).sort()).toEqual(
    ['consent', 'flush', 'forget', 'identify', 'init', 'on', 'reset', 'subscribe', 'track', 'version'].sort(),
  );
});
