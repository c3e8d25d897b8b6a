// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { onRestore } from '../../../src/tag/browser/lifecycle';

/** As browsers tell it. */
const transition = (type: 'pageshow' | 'pagehide', persisted: boolean) =>
  dispatchEvent(Object.assign(new Event(type), { persisted }));

const startWhile = (state: DocumentReadyState) => {
  vi.spyOn(document, 'readyState', 'get').mockReturnValue(state);
  const restored = vi.fn();
  onRestore(restored);
  return restored;
};

afterEach(() => void vi.restoreAllMocks());

describe('a return from the back/forward cache', () => {
  it.each(['loading', 'interactive', 'complete'] as const)(
    'is told each time, to who began while %s',
    state => {
      const restored = startWhile(state);
      transition('pageshow', false);
      expect(restored).not.toHaveBeenCalled();
      for (const times of [1, 2, 3]) {
        transition('pagehide', true);
        transition('pageshow', true);
        expect(restored).toHaveBeenCalledTimes(times);
      }
    },
  );

  it('is told to who began as a page hid that had been loaded', () => {
    let restored = vi.fn();
    addEventListener('pagehide', () => (restored = startWhile('complete')), { capture: true, once: true });
    transition('pagehide', true);
    transition('pageshow', true);
    expect(restored).toHaveBeenCalledOnce();
  });

  it('is the only showing that a loading page listens to', () => {
    const listened = vi.spyOn(globalThis, 'addEventListener');
    startWhile('loading');
    expect(listened.mock.calls.map(([type]) => type)).toEqual(['pagehide']);
  });
});
