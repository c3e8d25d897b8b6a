import { test as base } from '@playwright/test';
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
