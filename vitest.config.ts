import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{core,electron}/**/*.test.ts', 'renderer/**/*.test.{ts,tsx}', 'e2e/report/*.test.ts'],
    setupFiles: ['core/test-support/property-seed.ts'],
    dangerouslyIgnoreUnhandledErrors: false,
    testTimeout: 60_000,
    reporters: ['default', './e2e/report/vitest.ts'],
  },
})
