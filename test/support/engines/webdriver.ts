/** A WebDriver session: https://www.w3.org/TR/webdriver2/ by plain requests. */
export interface Session {
  readonly capabilities: { browserVersion?: string };
  /** Sends a command to one window. */
  command<Value>(window: string, method: string, path: string, body?: unknown): Promise<Value>;
  windows(): Promise<string[]>;
  newWindow(): Promise<string>;
  end(): Promise<void>;
}

const request = async <Value>(method: string, url: string, body?: unknown): Promise<Value> => {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const { value } = (await response.json()) as { value: Value & { error?: string; message?: string } };
  if (value?.error) throw Error(`${value.error}: ${value.message}`);
  return value;
};

/** Opens a session at a driver that has just been started. Commands are sent one after the other. */
export const openSession = async (driver: string, capabilities: unknown): Promise<Session> => {
  const opened = await request<{ sessionId: string; capabilities: Session['capabilities'] }>(
    'POST',
    `${driver}/session`,
    { capabilities: { alwaysMatch: capabilities } },
  );
  const session = `${driver}/session/${opened.sessionId}`;
  let current: string | undefined;
  let last: Promise<unknown> = Promise.resolve();

  /** The session has one current window, so two tabs must not talk at once. */
  const inTurn = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const turn = last.then(work, work);
    last = turn;
    return turn;
  };

  return {
    capabilities: opened.capabilities,
    command: (window, method, path, body) =>
      inTurn(async () => {
        if (current !== window) await request('POST', `${session}/window`, { handle: window });
        current = window;
        return request(method, session + path, body);
      }),
    windows: () => inTurn(() => request('GET', `${session}/window/handles`)),
    newWindow: () =>
      inTurn(async () => {
        // A closed window stays the current one until another is chosen, and answers nothing.
        const [open] = await request<string[]>('GET', `${session}/window/handles`);
        if (open) await request('POST', `${session}/window`, { handle: open });
        current = open;
        return (await request<{ handle: string }>('POST', `${session}/window/new`, { type: 'tab' })).handle;
      }),
    end: () => inTurn(() => request('DELETE', session)),
  };
};
