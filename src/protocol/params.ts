import { plain } from './plain';
import { ownParams, paramName, retargeting, siteEvents } from './rules.json';
import type { Param } from './types';

/** One thing wrong with a payload. An event without a `required` field cannot be sent at all. */
export interface Fault {
  /** Where: `product.price`. */
  field: string;
  /** What to do about it. Never quotes the value: it may be personal. */
  reason: string;
  required: boolean;
}

type Shape = Record<string, string>;
type Rules = Record<string, string | { json?: Shape; list?: Shape }>;
type Json = Record<string, unknown>;

const text = (value: unknown) =>
  typeof value === 'number' ? `${value}` : typeof value === 'string' && value.trim() ? value : undefined;

const texts = (value: unknown) => {
  const list = [value].flat();
  return list.some(item => typeof item === 'object') ? undefined : list.map(String);
};

/** Each kind of field: how it is read (undefined: it cannot be), and what to say then. */
const kinds: Record<string, [read: (value: unknown) => unknown, expected: string]> = {
  text: [text, 'text'],
  texts: [texts, 'text or a list of texts'],
  amount: [
    value =>
      /^\d+(\.\d+)?(e[+-]?\d+)?$/.test(`${value}`) && typeof value !== 'object' ? +`${value}` : undefined,
    'a number, 0 or more',
  ],
  flag: [value => (/^(0|1|true|false)$/.test(`${value}`) ? +/1|true/.test(`${value}`) : undefined), '0 or 1'],
  currency: [
    value => (/^[a-z]{3}$/i.test(`${value}`) ? `${value}`.toUpperCase() : undefined),
    'three letters, such as USD',
  ],
  variant: [value => (/^r\d+v\d+$/.test(`${value}`) ? value : undefined), 'the form r12v34'],
};

/** A rule by its name, and nothing that every object inherits: a shop may name a field `constructor`. */
const own = <Value>(rules: Record<string, Value>, name: string): Value | undefined =>
  Object.hasOwn(rules, name) ? rules[name] : undefined;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * What a shop says in `track(event, payload)`, as v2 params: for the seven site events the params of seed 000 in its
 * order, with JSON text where it wants JSON text; for any other key the payload's own entries, nested data as it is
 * (seed 003). Absent (undefined, null) entries are left out.
 *
 * Faulty fields are left out too, and told in `faults`: an explicit call is refused for any fault, a captured event
 * only for one that is `required`.
 */
export const toParams = (event: string, payload: unknown): { params: Param[]; faults: Fault[] } => {
  const params: Param[] = [];
  const faults: Fault[] = [];

  const fault = (field: string, expected: string, required: boolean) => {
    faults.push({ field, reason: `${field}: expected ${expected}`, required });
  };

  const readField = (rule: string, value: unknown, field: string) => {
    const required = rule.endsWith('!');
    if (value == null && !required) return;
    const [read, expected] = kinds[rule.replace('!', '')]!;
    const result = read(value);
    if (result === undefined) fault(field, expected, required);
    return result;
  };

  /** The known fields in the rules' order, then the shop's own in the shop's. */
  const readShape = (shape: Shape, value: unknown, field: string) => {
    if (!isObject(value)) return fault(field, 'an object', true);
    const result: Json = {};
    for (const name of Object.keys({ ...shape, ...value })) {
      const rule = own(shape, name) ?? shape['*'];
      if (name !== '*') result[name] = rule ? readField(rule, value[name], `${field}.${name}`) : value[name];
    }
    return result;
  };

  const { data = {}, reason } = plain(payload);
  if (reason) return { params, faults: [{ field: 'payload', reason, required: true }] };
  if (!isObject(data)) {
    fault('payload', 'an object', true);
    return { params, faults };
  }

  const rules = own(siteEvents as Record<string, Rules>, event) ?? {};
  for (const name of Object.keys({ ...rules, ...data })) {
    const rule = own(rules, name);
    let value = data[name];
    if (!rule) {
      if (value == null) continue;
      if (name.length > paramName.max || !name)
        fault(name.slice(0, 9), `a name of 1 to ${paramName.max} characters`, false);
      else if (ownParams.includes(name)) fault(name, 'another name, this one is the tag’s own', false);
      else if (retargeting.includes(name.toLowerCase()))
        fault(name, 'another name: who it is goes to identify()', false);
      else params.push({ name, value });
      continue;
    }
    if (typeof rule === 'string') value = readField(rule, value, name);
    else if (rule.json) value = JSON.stringify(readShape(rule.json, value, name));
    else if (Array.isArray(value)) {
      value = JSON.stringify(value.map((item, at) => readShape(rule.list!, item, `${name}[${at}]`)));
    } else {
      fault(name, 'a list', true);
    }
    if (value !== undefined) params.push({ name, value });
  }
  return { params, faults };
};
