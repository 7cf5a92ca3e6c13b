import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'core/**/*.test.ts',
      'electron/**/*.test.ts',
      'renderer/**/*.test.{ts,tsx}',
      'e2e/structure/**/*.test.ts',
    ],
    dangerouslyIgnoreUnhandledErrors: false,
    testTimeout: 60_000,
    reporters: ['default', './e2e/report/vitest.ts'],
  },
})
