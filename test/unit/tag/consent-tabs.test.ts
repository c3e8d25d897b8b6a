import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTabs } from '../../../src/tag/consent/tabs';

type Heard = (message: { data: unknown }) => void;

/** The channels of one browser: what is said in one is heard in all others of that name. */
const stubChannels = () => {
  const channels: { name: string; onmessage: Heard }[] = [];
  vi.stubGlobal(
    'BroadcastChannel',
    class {
      onmessage: Heard = () => {};
      constructor(readonly name: string) {
        channels.push(this);
      }
      postMessage(data: unknown) {
        const others = channels.filter(other => other !== this && other.name === this.name);
        for (const other of others) other.onmessage({ data });
      }
    },
  );
  return channels;
};

/** A page with the focus or without; answers how to take it away. */
const stubFocus = (focused: boolean) => {
  const page = new EventTarget();
  vi.stubGlobal('document', { hasFocus: () => focused });
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  return () => page.dispatchEvent(new Event('blur'));
};

beforeEach(() => {
  vi.stubGlobal('self', globalThis);
  stubFocus(false);
});
afterEach(() => void vi.unstubAllGlobals());

describe('a withdrawal', () => {
  it('is heard in every other tab, and not in its own', () => {
    stubChannels();
    const heard: string[] = [];
    const [one] = ['one', 'two', 'three'].map(tab => createTabs(purpose => heard.push(`${tab} ${purpose}`)));
    one!.tell('events');
    one!.tell('identity');
    expect(heard).toEqual(['two events', 'three events', 'two identity', 'three identity']);
  });

  it('is listened for by a page with the focus when it loses it, or is told to: not before', () => {
    const channels = stubChannels();
    const blur = stubFocus(true);
    const withdrawn = vi.fn();
    const { listen } = createTabs(withdrawn);
    expect(channels).toHaveLength(0);
    blur();
    blur();
    listen();
    expect(channels).toHaveLength(1);
    createTabs(() => {}).tell('events');
    expect(withdrawn.mock.calls).toEqual([['events']]);
    createTabs(() => {}).listen();
    expect(channels).toHaveLength(3);
  });

  it('is told to nobody where the browser has no channels', () => {
    vi.stubGlobal('BroadcastChannel', undefined);
    const withdrawn = vi.fn();
    expect(() => createTabs(withdrawn).tell('events')).not.toThrow();
    expect(withdrawn).not.toHaveBeenCalled();
  });

  it('is told to nobody where the browser refuses channels, as Firefox does without cookies', () => {
    vi.stubGlobal(
      'BroadcastChannel',
      class {
        constructor() {
          throw new DOMException('The operation is insecure.', 'SecurityError');
        }
      },
    );
    const withdrawn = vi.fn();
    expect(() => createTabs(withdrawn).tell('events')).not.toThrow();
    expect(withdrawn).not.toHaveBeenCalled();
  });
});
