import { defineConfig } from '@playwright/test';
import { chromiumOptions } from './test/support/engines/chromium';

export default defineConfig({
  testDir: 'test/browser',
  fullyParallel: true,
  // One more than the cores of a small machine: most of a test is waiting for a burst to be sent.
  workers: 3,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  outputDir: 'test-results/browser',
  forbidOnly: !!process.env.CI,
  reporter: 'list',
  projects: [
    {
      name: 'chromium',
      use: {
        browserName: 'chromium',
        launchOptions: chromiumOptions(),
      },
    },
  ],
});
