import type { Copy } from './plain';
import { ownParams, paramName, retargeting, siteEvents } from './rules.json';
import type { Param } from './types';

/** One thing wrong with a payload. */
export interface Fault {
  /** Where, and what is expected there: `product.price: expected a number`. Never quotes the value: it may be personal. */
  reason: string;
  /** Without this field the event cannot be sent at all. */
  required: boolean;
}

type Json = Record<string, unknown>;

/** A kind of value, an object that is sent as JSON text, or a list of such objects. */
type Rule = string | Shape | [Shape];
type Shape = { [field: string]: Rule };

/** Each kind of value: how its text looks, what is sent, and how to say it. */
const kinds: Record<
  string,
  [fits: (text: string) => boolean, send: (text: string) => unknown, expected: string]
> = {
  // No expression: every page view has a text. Here and below each is made when it is used: the first takes 30 µs.
  text: [text => !!text.trim(), String, 'text'],
  amount: [
    text => /^\d+(\.\d+)?(e[+-]?\d+)?$/.test(text),
    text => (Number.isFinite(+text) ? +text : undefined),
    'a number, 0 or more',
  ],
  flag: [text => /^([01]|true|false)$/.test(text), text => +/1|true/.test(text), '0 or 1'],
  currency: [text => /^[a-z]{3}$/i.test(text), text => text.toUpperCase(), 'three letters, such as USD'],
  variant: [text => /^r\d+v\d+$/.test(text), String, 'the form r12v34'],
};

/**
 * Names by which the platform would take the event for another contact's (peers compare them without case). Made for the
 * first name of a shop's own: seldom on a first page, and it takes 50 µs.
 */
let taken: RegExp | undefined;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A rule by its name, and nothing that every object inherits: a shop may name a field `constructor`. */
const own = <Value>(shape: Record<string, Value>, name: string): Value | undefined =>
  shape[Object.keys(shape).includes(name) ? name : '*'];

/**
 * What a shop says in `track(event, payload)`, as v2 params: for the seven site events the params of seed 000 in its
 * order, with JSON text where it wants JSON text; for any other key the payload's own entries, nested data as it is
 * (seed 003). Absent (undefined, null) entries are left out.
 *
 * Faulty fields are left out too, and told in `faults`: an explicit call is refused for any fault, a captured event
 * only for one that is `required`.
 *
 * @param copy the payload as `plain()` has copied it
 * @param defaults what stands for entries that the payload leaves out
 */
export const toParams = (event: string, { data = {}, reason }: Copy, defaults: Json = {}) => {
  const faults: Fault[] = [];

  const fault = (field: string, expected: string, required: boolean) => {
    faults.push({ reason: `${field}: expected ${expected}`, required });
  };

  const readValue = (rule: string, value: unknown, field: string) => {
    const required = rule.endsWith('!');
    if (value == null && !required) return;
    if (rule === 'texts') {
      const list = [value].flat();
      if (list.every(item => typeof item !== 'object')) return list.map(String);
      return fault(field, 'text or a list of texts', false);
    }
    const [fits, send, expected] = kinds[rule.replace('!', '')]!;
    const takes =
      ['string', 'number'].includes(typeof value) || (rule === 'flag' && typeof value === 'boolean');
    const result = takes && fits(`${value}`) ? send(`${value}`) : undefined;
    if (result === undefined) fault(field, expected, required);
    return result;
  };

  const read = (rule: Rule | undefined, value: unknown, field: string): unknown => {
    if (!rule) return value;
    if (typeof rule === 'string') return readValue(rule, value, field);
    if (Array.isArray(rule)) {
      if (Array.isArray(value)) return value.map((item, at) => read(rule[0], item, `${field}[${at}]`));
      return fault(field, 'a list', true);
    }
    if (!isObject(value)) return fault(field, 'an object', true);
    const result: Json = {};
    // The known fields in the rules' order, then the shop's own in the shop's.
    for (const name of Object.keys({ ...rule, ...value })) {
      if (name !== '*') result[name] = read(own(rule, name), value[name], `${field}.${name}`);
    }
    return result;
  };

  const params: Param[] = [];
  if (reason || !isObject(data)) {
    faults.push({ reason: reason ?? 'payload: expected an object', required: true });
    return { params, faults };
  }
  const rules = (own(siteEvents as unknown as Shape, event) ?? {}) as Shape;
  for (const name of Object.keys({ ...rules, ...data })) {
    const rule = own(rules, name);
    const value = read(rule, data[name] ?? own(defaults, name), name);
    if (value == null) continue;
    if (rule) params.push({ name, value: typeof rule === 'string' ? value : JSON.stringify(value) });
    else if (!name || name.length > paramName.max) {
      fault('payload', `names of 1 to ${paramName.max} characters`, false);
    } else if (ownParams.includes(name)) fault(name, 'another name, this one is the tag’s', false);
    else if ((taken ??= RegExp(retargeting, 'i')).test(name))
      fault(name, 'another name; who it is goes to identify()', false);
    else params.push({ name, value });
  }
  return { params, faults };
};
