import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  globalSetup: './setup.ts',
  outputDir: '../../test-results/browser',
  workers: 2,
  fullyParallel: true,
  forbidOnly: process.env['CI'] === 'true',
  timeout: 60_000,
  reporter: [['list'], ['../report/playwright.ts']],
  use: { viewport: { width: 1440, height: 900 }, trace: 'retain-on-failure' },
})
