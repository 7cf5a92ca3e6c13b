import { mergeConfig } from 'vitest/config'
import unit from './vitest.config.ts'

/** The unit suite, and what only Windows has: other programs that keep files from being changed. */
export default mergeConfig(unit, { test: { include: ['e2e/windows/**/*.test.ts'], maxConcurrency: 12 } })
