import { defineConfig } from 'vitest/config'
import { ATTACKS, UNIT_ENV } from './e2e/unit-tests.ts'

/** Unit and component tests, without the attacks (vitest.attack.config.ts). */
export default defineConfig({
  test: {
    include: [
      'core/**/*.test.ts',
      'electron/**/*.test.ts',
      'renderer/**/*.test.{ts,tsx}',
      'e2e/{report,structure}/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', ...ATTACKS],
    setupFiles: ['core/test-support/property-seed.ts'],
    env: UNIT_ENV,
    // By default one processor is left idle, which on two of them takes twice as long.
    maxWorkers: '100%',
    dangerouslyIgnoreUnhandledErrors: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', './e2e/report/vitest.ts'],
  },
})
