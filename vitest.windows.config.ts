import { mergeConfig } from 'vitest/config'
import unit from './vitest.config.ts'

/** The unit suite, and what only Windows has: other programs that keep files from being changed. */
export default mergeConfig(unit, {
  test: {
    include: ['e2e/windows/**/*.test.ts'],
    // These wait most of the time.
    maxConcurrency: 12,
    // Files are slow under Wine.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
})
