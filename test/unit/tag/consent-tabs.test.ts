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
};

beforeEach(() => void vi.stubGlobal('self', globalThis));
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
