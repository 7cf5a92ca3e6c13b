import { configDefaults, defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['core/**/*.test.ts', 'electron/**/*.test.ts', 'renderer/**/*.test.{ts,tsx}'],
    dangerouslyIgnoreUnhandledErrors: false,
    // Run by `npm run test:judge`: with some seeds they end red.
    exclude: process.env['JUDGE']
      ? configDefaults.exclude
      : [...configDefaults.exclude, 'core/oracle/{judge,killed}.test.ts'],
    testTimeout: 60_000,
    reporters: ['default', './e2e/report/vitest.ts'],
  },
})
