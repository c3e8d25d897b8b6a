// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from 'vitest';
import { globalPrivacyControl } from '../../../src/tag/consent/sources/global-privacy-control';

const set = (value: unknown) =>
  Object.defineProperty(navigator, 'globalPrivacyControl', { value, configurable: true });

afterEach(() => {
  delete (navigator as { globalPrivacyControl?: unknown }).globalPrivacyControl;
});

describe('Global Privacy Control', () => {
  it('is a no to every purpose where the visitor has set it', () => {
    set(true);
    expect(globalPrivacyControl(() => {})()).toEqual({ events: 'denied', identity: 'denied' });
  });

  it.each([false, undefined, null, '', 0])('says nothing where it is %j: that is no yes', value => {
    set(value);
    expect(globalPrivacyControl(() => {})()).toBeUndefined();
  });

  it('says nothing in a browser that does not know it', () => {
    expect(globalPrivacyControl(() => {})()).toBeUndefined();
  });

  it('is read each time it is asked', () => {
    const ask = globalPrivacyControl(() => {});
    expect(ask()).toBeUndefined();
    set(true);
    expect(ask()).toBeDefined();
    set(false);
    expect(ask()).toBeUndefined();
  });
});
