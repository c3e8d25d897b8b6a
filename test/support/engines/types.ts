export const engines = ['chromium', 'firefox', 'webkit'] as const;
export type Engine = (typeof engines)[number];

/** One tab. */
export interface Tab {
  /** Goes to an address as a visitor who types it, and waits for the load event. */
  open(url: string): Promise<void>;
  /**
   * Runs an expression in one task of the page and answers its value, which must be plain data. The value of a promise
   * is waited for; what is no promise comes back even when the expression has begun a navigation.
   */
  run<Value>(expression: string): Promise<Value>;
  /** Closes the tab as a visitor does: the page's handlers run. */
  close(): Promise<void>;
}

/** What can be done to the processes of a browser. */
export interface Aimed {
  /** Kills every renderer process: all tabs crash, the browser lives. Resolves when new tabs can be opened. */
  crashTabs(): Promise<void>;
  /** Kills the whole browser by SIGKILL; resolves when its profile may be used again. */
  kill(): Promise<void>;
}

/** A browser with a profile on disk that the next launch finds again. */
export interface Browser {
  readonly engine: Engine;
  readonly version: string;
  newTab(): Promise<Tab>;
  /** Looks up its processes, so that what is done to them later takes no time. */
  aim(): Aimed;
  /** Whether it can be driven on after `crashTabs()`. WebKit's driver ends its session with the crash. */
  readonly survivesCrash: boolean;
  /** Kills the whole browser by SIGKILL; resolves when its profile may be used again. */
  kill(): Promise<void>;
  /** Ends it as a user does. */
  quit(): Promise<void>;
  /** Takes a tab's network away, and gives it back. Only where the engine's driver can. */
  setOffline?(offline: boolean): Promise<void>;
  /** Sets how many bytes an origin may keep, for real. Only where the engine's driver can. */
  limitStorage?(tab: Tab, origin: string, bytes: number): Promise<void>;
}

export interface LaunchOptions {
  /** The folder of the profile, made when it is missing. */
  profile: string;
  /** A server on this machine that answers for all names that end in `.shop.test`: `{port}` on 127.0.0.1. */
  shops: { port: number };
  /** True for a visitor who has switched cookies off, by the browser's own setting. @default false */
  refuseCookies?: boolean;
}
