import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestUserConfig } from 'vitest/node'
import { scratchRoot } from '../core/test-support/attack-scale.ts'

/** Hostile files, requests and users, kills and failing disks; those that come in thousands have the size ATTACK_SCALE. */
export const ATTACKS = [
  'core/attack/**/*.test.ts',
  'electron/attack/**/*.test.ts',
  'core/oracle/{mutated-files,mutated-packages,mutated-stores,killed}.test.ts',
  'core/explorer/engine/dead-disk.test.ts',
  'core/packages/{bomb,exchanged,hostile-restore,killed,limited-disks,other-users,replace-store}.test.ts',
  'core/storage/write/{exchanged-store,hostile-*,interrupted,two-users}.test.ts',
  'core/cli/signals.test.ts',
]

/**
 * Whole programs: the command line, hosts with their engine threads and connections, the compiler of the kernels,
 * NumPack beside this engine, files of gigabytes.
 */
export const PROGRAMS = [
  'core/oracle/**/*.test.ts',
  'core/examples/**/*.test.ts',
  'core/explorer/host/{changing-packages,engine-thread,host,linked-stores,open-files,packages}.test.ts',
  'core/explorer/host/{packed-arrays,packed-arrays-space,statistics,tasks,watch}.test.ts',
  'core/packages/{large,pack-large}.test.ts',
  'core/statistics/build-kernels.test.ts',
  'core/cli/*.test.ts',
  'core/system/run-main.test.ts',
  'e2e/library/*.test.ts',
  'electron/launcher/{browser-address,build,dev-window,foreign-modules,start}.test.ts',
  'electron/web-server/{connections,server,socket,unread-pages}.test.ts',
]

export const NO_TESTS = ['**/node_modules/**']

export const NODE_SUITE: TestUserConfig = {
  setupFiles: ['core/test-support/property-seed.ts'],
  env: {
    NODE_COMPILE_CACHE: path.resolve(import.meta.dirname, '../node_modules/.cache/compile'),
    TMPDIR: scratchRoot(),
    DISK_TMPDIR: tmpdir(),
  },
  // By default one processor is left idle, which on two of them takes twice as long.
  maxWorkers: '100%',
  dangerouslyIgnoreUnhandledErrors: false,
  testTimeout: 120_000,
  hookTimeout: 120_000,
  reporters: ['default', './e2e/report/vitest.ts'],
}
