import { fits } from './keys';
import { absentIds, locatorParams, locators, ownParams } from './rules.json';
import type { Param, Person, V2Event } from './types';

/** The strongest locator of a person that the platform takes as a keyValue; undefined when none is fit. */
export const keyOf = (person: Person): string | undefined =>
  locators.map(name => person[name as keyof Person]).find(value => fits(value));

/** Whether a param's value says nothing: seed 003 lets `externalCustomerId` of "", blanks, "null" and null count as absent. */
const isAbsent = (value: unknown) =>
  !/string|number/.test(typeof value) || absentIds.includes(String(value).trim());

/** Whether a param of this name names a person, compared as the platform does: without case. */
export const isLocator = (name: string): boolean =>
  locatorParams.some(locator => locator.toLowerCase() === name.toLowerCase());

/** The value of a param of an event by its name, compared as the platform does: without case. */
export const paramValue = (params: Param[], name: string): unknown =>
  params.find(param => param.name.toLowerCase() === name.toLowerCase() && !isAbsent(param.value))?.value;

/** Whether the params name a person, so that the platform takes the event without a keyValue (seed 003). */
export const hasLocator = (params: Param[]): boolean =>
  locators.some(name => paramValue(params, name) !== undefined);

/**
 * The same event without the locators that break the character rule, keyed by the next fit one, else by the visitor's
 * anonymous id: what the relay sends once more after a 400. Undefined when there was nothing to leave out.
 */
export const withoutUnfitLocators = (event: V2Event): V2Event | undefined => {
  const isUnfit = ({ name, value }: Param) => isLocator(name) && !isAbsent(value) && !fits(`${value}`);
  const params = (event.params ?? []).filter(param => !isUnfit(param));
  if (params.length === (event.params ?? []).length) return undefined;
  const rest = { ...event, params };
  const key = [...locators, ownParams[1]!]
    .map(name => paramValue(params, name))
    .find(value => value !== undefined && fits(`${value}`));
  return { ...rest, keyValue: key === undefined ? event.keyValue : `${key}` };
};
