import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type BrowserContext, chromium, firefox, type Page } from '@playwright/test';
import { chromiumOptions } from './chromium';
import { below, findMain, killAll, tree } from './processes';
import type { Browser, LaunchOptions, Tab } from './types';

const TIMEOUT = 30_000;

const pages = new WeakMap<Tab, Page>();

/** Answers false for a navigation that another one has overtaken; throws what else went wrong. */
const isInterrupted = (error: Error): false => {
  if (/interrupted by another navigation|NS_BINDING_ABORTED|ERR_ABORTED/.test(error.message)) return false;
  throw error;
};

/** `evaluate` waits for ever, also for a page that hangs. */
const within = async <Value>(work: Promise<Value>): Promise<Value> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Error(`the page did not answer within ${TIMEOUT / 1_000} s`)), TIMEOUT);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
};

const tabOf = (page: Page): Tab => {
  const tab: Tab = {
    async open(url) {
      // What the page itself has begun is over when it interrupts nothing any more.
      while (!(await page.goto(url).then(() => true, isInterrupted)));
    },
    run: expression => within(page.evaluate(expression)),
    close: async () => {
      if (page.isClosed()) return;
      const closed = page.waitForEvent('close');
      await page.close({ runBeforeUnload: true });
      await closed;
    },
  };
  pages.set(tab, page);
  return tab;
};

/** Whether a tab can be opened, and lives. A crashed one answers nothing, not even that it is to be closed. */
const opens = async (context: BrowserContext) => {
  const page = await Promise.race([context.newPage().catch(() => undefined), pause(2_000)]);
  if (!page) return false;
  const lives = await Promise.race([page.evaluate('true').catch(() => false), pause(500, false)]);
  const closed = page.close().catch(() => {});
  if (lives) await closed;
  return lives;
};

const browserOf = (
  context: BrowserContext,
  engine: 'chromium' | 'firefox',
  profile: string,
  helper: RegExp,
  renderer: RegExp,
): Browser => {
  const pid = findMain(profile, helper);
  const kill = async (pids: number[]) => {
    await killAll(pids);
    await context.close().catch(() => {});
  };
  return {
    engine,
    version: context.browser()?.version() ?? '',
    newTab: async () => tabOf(await context.newPage()),
    aim() {
      const all = tree(pid);
      const renderers = below(pid, renderer);
      return {
        async crashTabs() {
          await killAll(renderers);
          // One that was kept ready for the next tab is dead, too, and the browser may not know it yet.
          while (!(await opens(context))) await pause(20);
        },
        kill: () => kill(all),
      };
    },
    kill: () => kill(tree(pid)),
    quit: () => context.close(),
    survivesCrash: true,
  };
};

/** The machine's own Chromium. */
export const launchChromium = async ({ profile, refuseCookies }: LaunchOptions): Promise<Browser> => {
  if (refuseCookies) {
    // The setting that a user makes under "Site data": it refuses IndexedDB and localStorage with the cookies.
    mkdirSync(join(profile, 'Default'), { recursive: true });
    const preferences = { profile: { default_content_setting_values: { cookies: 2 } } };
    writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
  }
  const options = chromiumOptions();
  const context = await chromium.launchPersistentContext(profile, {
    ...options,
    args: [...options.args, '--host-resolver-rules=MAP *.shop.test 127.0.0.1'],
  });
  return {
    ...browserOf(context, 'chromium', profile, /--type=|crashpad/, /--type=renderer/),
    setOffline: offline => context.setOffline(offline),
    async limitStorage(tab, origin, bytes) {
      const devtools = await context.newCDPSession(pages.get(tab)!);
      await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: bytes });
    },
  };
};

/** Stock Firefox over WebDriver BiDi. */
export const launchFirefox = async (
  program: string,
  { profile, refuseCookies }: LaunchOptions,
): Promise<Browser> => {
  const context = await firefox.launchPersistentContext(profile, {
    channel: 'moz-firefox',
    // From the project's folder: this module may be bundled.
    executablePath: resolve('test/support/engines/firefox.sh'),
    env: { ...process.env, FIREFOX_PROGRAM: program } as Record<string, string>,
    firefoxUserPrefs: {
      'network.captive-portal-service.enabled': false,
      'network.connectivity-service.enabled': false,
      // Every name is this machine, and nothing leaves it.
      'network.dns.forceResolve': '127.0.0.1',
      'network.cookie.cookieBehavior': refuseCookies ? 2 : 0,
    },
  });
  return browserOf(context, 'firefox', profile, /-contentproc|crashhelper/, /-contentproc.* tab\b/);
};
