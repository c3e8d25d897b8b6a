import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { chromiumOptions } from '../support/engines/chromium';
import type { TabName } from './browser-model';

/** A context keeps what all its visitors have left: now and then it is begun anew. */
const VISITORS = 100;

/** One browser with the two tabs of each visitor in turn. */
export const startSeat = async () => {
  const browser = await chromium.launch(chromiumOptions());
  let context: BrowserContext | undefined;
  let tabs: Record<TabName, Page | undefined> = { A: undefined, B: undefined };
  let visitors = 0;

  const renew = async () => {
    await context?.close();
    context = await browser.newContext();
    context.setDefaultTimeout(20_000);
    tabs = { A: undefined, B: undefined };
    visitors = 0;
  };

  return {
    /** Makes room for the next visitor. */
    async take(): Promise<void> {
      if (!context || ++visitors > VISITORS) await renew();
    },

    /** After a failure nobody knows what is still going on. */
    renew,

    /** A tab, opened when it is not. */
    tab: async (name: TabName): Promise<Page> => (tabs[name] ??= await context!.newPage()),

    /** Closes a tab as a visitor does: the page's handlers run. */
    async close(name: TabName): Promise<void> {
      const page = tabs[name]!;
      tabs[name] = undefined;
      const closed = page.waitForEvent('close');
      await page.close({ runBeforeUnload: true });
      await closed;
    },

    setOffline: (offline: boolean): Promise<void> => context!.setOffline(offline),

    leave: (): Promise<void> => browser.close(),
  };
};

export type Seat = Awaited<ReturnType<typeof startSeat>>;
