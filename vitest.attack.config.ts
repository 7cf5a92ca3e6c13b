import { defineConfig } from 'vitest/config'
import { ATTACKS, NODE_SUITE } from './e2e/node-suites.ts'

/** Attacks, one file at a time: some measure memory, threads and descriptors of the machine. */
export default defineConfig({
  test: { ...NODE_SUITE, include: ATTACKS, fileParallelism: false, testTimeout: 300_000 },
})
