import path from 'node:path'
import { defineConfig } from 'vitest/config'

/** Tests in Electron 9.4.1 (no newer one is available), polyfilled by test-build.ts. One window at a time. */
export default defineConfig({
  test: {
    root: path.resolve(import.meta.dirname, '../..'),
    include: ['e2e/electron9/**/*.test.ts'],
    globalSetup: 'e2e/electron9/setup.ts',
    fileParallelism: false,
    // This old Electron can abort at exit while one of its threads is ending.
    retry: 1,
    // Playwright's own request to a program that has just ended.
    onUnhandledError: error => !error.message.includes('Could not find object with given id'),
    testTimeout: 90_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 15_000 } },
    reporters: ['verbose', './e2e/report/vitest.ts'],
  },
})
