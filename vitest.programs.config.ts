import { defineConfig } from 'vitest/config'
import { ATTACKS, NODE_SUITE, NO_TESTS, PROGRAMS } from './e2e/node-suites.ts'

/** Tests that run whole programs. */
export default defineConfig({
  test: { ...NODE_SUITE, include: PROGRAMS, exclude: [...NO_TESTS, ...ATTACKS] },
})
