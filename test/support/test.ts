import { test as base, type Frame, type Page } from '@playwright/test';
import { type Site, startSite } from './site';
import { type Stack, startStack } from './stack';

export { expect } from '@playwright/test';

/** Playwright's test with what ours need: the whole stack, or a small site with a collector; each test its own. */
export const test = base.extend<{
  stack: Stack;
  site: (pages?: Record<string, string>) => Promise<Site>;
}>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from its first argument
  stack: async ({}, use) => {
    const stack = await startStack();
    await use(stack);
    await stack.close();
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  site: async ({}, use) => {
    const sites: Site[] = [];
    await use(async pages => {
      const site = await startSite(pages);
      sites.push(site);
      return site;
    });
    for (const site of sites) await site.close();
  },
});

/**
 * Waits until the tag has taken the place of its stub. By a function, not by words: those Playwright tries again with
 * `eval`, which a shop's Content-Security-Policy forbids.
 */
export const tagOn = (page: Page | Frame) =>
  page.waitForFunction(() => (window as { shoptrail?: { version?: string } }).shoptrail?.version);
