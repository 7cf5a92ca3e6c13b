import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  globalSetup: './setup.ts',
  outputDir: '../../test-results/browser',
  workers: 2,
  fullyParallel: true,
  forbidOnly: process.env['CI'] === 'true',
  // Two cores may run two browsers, two hosts and two tests at once.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  // A test that passes only at the second try is listed as flaky.
  retries: 1,
  reporter: [['list'], ['../report/playwright.ts']],
  use: { viewport: { width: 1440, height: 900 }, trace: 'retain-on-failure' },
})
