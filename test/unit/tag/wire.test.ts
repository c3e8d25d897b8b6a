import { expect, it } from 'vitest';
import type { Requests } from '../../../src/tag/delivery/request';
import { createWire } from '../../../src/tag/delivery/wire';

const OWN = '{"error":"events: expected a list."}';
const PROXY = '<html><h1>400 The plain HTTP request was sent to HTTPS port</h1></html>';

const verdictOf = (status: number, text: string, alone: boolean) => {
  const requests = { post: async () => ({ status, text, wait: undefined }) } as unknown as Requests;
  return createWire(requests, alone).send('', ['1'], true);
};

const later = (forbidden: boolean) => ({ kind: 'later', wait: undefined, forbidden });

it.each([
  ['by the relay', 400, OWN, false, { kind: 'refused', reason: OWN }],
  ['as too large, whoever says it', 413, PROXY, false, { kind: 'refused', reason: PROXY }],
  [
    'by an endpoint that has words of its own',
    400,
    '{"code":3}',
    true,
    { kind: 'refused', reason: '{"code":3}' },
  ],
  ['by an endpoint that cannot process it', 422, '', true, { kind: 'refused', reason: '' }],
])('a body is refused for good %s', async (_, status, text, alone, verdict) => {
  expect(await verdictOf(status, text, alone)).toEqual(verdict);
});

it.each([
  ['a proxy that does not find the relay', 400, PROXY, false, later(true)],
  ['a proxy that speaks JSON', 400, '{"message":"Bad Request"}', false, later(true)],
  ['a proxy that cannot process it', 422, '', false, later(true)],
  ['a firewall', 403, PROXY, false, later(true)],
  ['a firewall before an endpoint of their own', 406, '', true, later(true)],
  ['the relay that has too much to do', 429, OWN, false, later(false)],
  ['a gateway', 502, PROXY, false, later(false)],
])('a body is kept for later when the word is of %s', async (_, status, text, alone, verdict) => {
  expect(await verdictOf(status, text, alone)).toEqual(verdict);
});
