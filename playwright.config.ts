import { defineConfig } from '@playwright/test';
import { chromiumOptions } from './test/support/engines/chromium';

export default defineConfig({
  testDir: 'test/browser',
  fullyParallel: true,
  workers: 2,
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
