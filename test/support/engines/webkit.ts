import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { below, killAll, killNow, tree } from './processes';
import type { Browser, LaunchOptions, Tab } from './types';
import { openSession, type Session } from './webdriver';

/** Where WebKit's programs are. */
export interface WebKitPrograms {
  driver: string;
  gjs: string;
  xvfb: string;
}

const TIMEOUT = 30_000;

let display: Promise<string> | undefined;

/** One X server without a screen for all browsers of this process; it takes a free number by itself. */
const displayOf = (xvfb: string): Promise<string> =>
  (display ??= new Promise((resolve, reject) => {
    const server = spawn(xvfb, ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    server.unref();
    process.once('exit', () => server.kill());
    server.once('error', reject);
    const number = server.stdio[3] as NodeJS.ReadableStream & { unref?(): void };
    number.once('data', text => {
      number.unref?.();
      resolve(`:${`${text}`.trim()}`);
    });
  }));

const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
};

const untilItListens = async (url: string, driver: ChildProcess) => {
  for (;;) {
    if (driver.exitCode !== null) throw Error('WebKitWebDriver has ended at once');
    try {
      return await fetch(`${url}/status`);
    } catch {
      await pause(20);
    }
  }
};

const tabOf = (session: Session, window: string): Tab => {
  const command = <Value>(method: string, path: string, body?: unknown) =>
    session.command<Value>(window, method, path, body);
  const sync = <Value>(script: string) => command<Value>('POST', '/execute/sync', { script, args: [] });
  return {
    async open(url) {
      // The command may come back while the old document is still there: it is marked, and its end waited for.
      await sync('window.isOld = true');
      await command('POST', '/url', { url });
      const deadline = Date.now() + TIMEOUT;
      while (
        !(await sync<boolean>('return !window.isOld && document.readyState === "complete"').catch(
          () => false,
        ))
      ) {
        if (Date.now() > deadline) throw Error(`not loaded: ${url}`);
        await pause(10);
      }
    },
    async run<Value>(expression: string) {
      // Not /execute/async for everything: its answer waits for a later task, which a navigation may forestall.
      const script = `const value = (0, eval)(arguments[0]);
        if (!(value instanceof Promise)) return {value};
        window.promised = value;
        return {promised: true};`;
      const answer = await command<{ value?: Value; promised?: true }>('POST', '/execute/sync', {
        script,
        args: [expression],
      });
      if (!answer.promised) return answer.value as Value;
      const wait = `const done = arguments[0];
        window.promised.then(value => done({value}), error => done({error: String(error)}));`;
      const { value, error } = await command<{ value?: Value; error?: string }>('POST', '/execute/async', {
        script: wait,
        args: [],
      });
      if (error) throw Error(error);
      return value as Value;
    },
    async close() {
      await command('DELETE', '/window');
    },
  };
};

/** WebKitGTK by its WebDriver, with a browser of ours that keeps its profile (webkit-browser.js). */
export const launchWebKit = async (
  { driver, gjs, xvfb }: WebKitPrograms,
  browserFile: string,
  { profile, shops, refuseCookies }: LaunchOptions,
): Promise<Browser> => {
  mkdirSync(profile, { recursive: true });
  const port = await freePort();
  const child = spawn(driver, ['-p', `${port}`], {
    stdio: 'ignore',
    env: {
      ...process.env,
      DISPLAY: await displayOf(xvfb),
      WEBKIT_DISABLE_DMABUF_RENDERER: '1',
      GSETTINGS_BACKEND: 'memory',
      NO_AT_BRIDGE: '1',
      PROFILE: profile,
      SHOPS: `http://127.0.0.1:${shops.port}`,
      ...(refuseCookies && { COOKIES: 'refused' }),
    },
  });
  const atExit = () => killNow(child.pid!);
  process.once('exit', atExit);
  const kill = async (pids = tree(child.pid!)) => {
    process.off('exit', atExit);
    await killAll(pids);
  };
  const url = `http://127.0.0.1:${port}`;
  await untilItListens(url, child);
  const session = await openSession(url, {
    timeouts: { script: TIMEOUT, pageLoad: TIMEOUT },
    'webkitgtk:browserOptions': { binary: gjs, args: [browserFile, 'automation'] },
  });
  return {
    engine: 'webkit',
    version: session.capabilities.browserVersion ?? '',
    newTab: async () => tabOf(session, await session.newWindow()),
    aim() {
      const all = tree(child.pid!);
      const renderers = below(child.pid!, /WebKitWebProcess/);
      return { crashTabs: () => killAll(renderers), kill: () => kill(all) };
    },
    survivesCrash: false,
    kill: () => kill(),
    quit: async () => {
      await session.end().catch(() => {});
      await kill();
    },
  };
};
