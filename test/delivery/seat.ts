import type { Aimed, Browser, Launch } from '../support/engines/index';

/** Where a browser sits: it can be killed, and another one started on its profile. */
export interface Seat {
  /** The one that runs. */
  browser(): Browser;
  /** Starts one when none runs, or the one that did answers no more. */
  take(): Promise<Browser>;
  /** Kills it and starts another. */
  restart(aimed?: Aimed): Promise<void>;
  leave(): Promise<void>;
}

const PATIENCE = 10_000;

const isAlive = (browser: Browser): Promise<boolean> => {
  const opensTabs = browser.newTab().then(async tab => {
    await tab.close();
    return true;
  });
  const tooLate = new Promise<boolean>(resolve => setTimeout(resolve, PATIENCE, false).unref());
  return Promise.race([opensTabs, tooLate]).catch(() => false);
};

/** @param port where the shop's site is */
export const createSeat = (launch: Launch, port: number, profile: string, refuseCookies: boolean): Seat => {
  let browser: Browser | undefined;
  const start = async () => {
    browser = await launch({ profile, shops: { port }, refuseCookies });
    return browser;
  };
  return {
    browser: () => browser!,
    async take() {
      if (browser && (await isAlive(browser))) return browser;
      await browser?.kill();
      return start();
    },
    async restart(aimed) {
      await (aimed ?? browser!).kill();
      await start();
    },
    async leave() {
      await browser?.quit();
      browser = undefined;
    },
  };
};
