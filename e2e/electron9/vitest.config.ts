import path from 'node:path'
import { defineConfig } from 'vitest/config'

/**
 * Tests the desktop app in Electron 9.4.1, with its code compiled down and polyfilled for it (test-build.ts): no newer
 * Electron can be had where these tests run. One window at a time: they share two cores and one display.
 */
export default defineConfig({
  test: {
    root: path.resolve(import.meta.dirname, '../..'),
    include: ['e2e/electron9/**/*.test.ts'],
    globalSetup: 'e2e/electron9/setup.ts',
    fileParallelism: false,
    // This old Electron can abort when it ends while a thread of it is still ending.
    retry: 1,
    // Playwright's own question to a program that has just ended.
    onUnhandledError: error => !error.message.includes('Could not find object with given id'),
    testTimeout: 90_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 15_000 } },
    reporters: ['verbose', './e2e/report/vitest.ts'],
  },
})
