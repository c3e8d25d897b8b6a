import { faultOfKey, fits } from './keys';
import { hasLocator } from './locators';
import { keyValue as keyRule, event as limits, paramName } from './rules.json';
import { byteLength } from './size';
import type { V2Event } from './types';

/**
 * Why a v2 body breaks the contract (DESIGN section 2), in words that quote nothing personal; undefined when it keeps
 * it. What is inside the params is the platform's to judge.
 */
export const checkEvent = (event: unknown): string | undefined => {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return 'event: expected an object';
  const { eventTypeKey, keyValue, params = [] } = event as Partial<V2Event>;
  const fault = faultOfKey(eventTypeKey);
  if (fault) return fault;
  if (keyValue !== undefined && !fits(keyValue)) {
    return `keyValue: expected a text of 1 to ${keyRule.max} characters without those that the platform refuses`;
  }
  if (!Array.isArray(params)) return 'params: expected a list';
  const names = new Set<string>();
  for (const [at, param] of params.entries()) {
    const name = param?.name;
    if (typeof name !== 'string' || !name || name.length > paramName.max) {
      return `params[${at}].name: expected 1 to ${paramName.max} characters`;
    }
    if (param.value === undefined) return `params[${at}].value: missing`;
    if (names.has(name)) return `params[${at}].name: a name may stand only once`;
    names.add(name);
  }
  if (keyValue === undefined && !hasLocator(params)) {
    return 'keyValue: missing, and no param says who it is (contactId, externalCustomerId, email, phone, pushToken)';
  }
  const bytes = byteLength(JSON.stringify(event));
  return bytes > limits.maxBytes ? `event: ${bytes} bytes, the platform takes ${limits.maxBytes}` : undefined;
};
