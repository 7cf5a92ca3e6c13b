import { defineConfig } from 'vitest/config'
import { ATTACKS, UNIT_ENV } from './e2e/unit-tests.ts'

/** Long series of hostile files, requests, kills and failing disks; their size is ATTACK_SCALE. */
export default defineConfig({
  test: {
    include: [...ATTACKS],
    setupFiles: ['core/test-support/property-seed.ts'],
    env: UNIT_ENV,
    // One at a time: an attack measures memory, threads and descriptors of the machine.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', './e2e/report/vitest.ts'],
  },
})
