import { tmpdir } from 'node:os'
import path from 'node:path'
import { scratchRoot } from '../core/test-support/attack-scale.ts'

/** Tests whose size is ATTACK_SCALE: a suite of their own (`npm run test:attack`). */
export const ATTACKS = [
  'core/attack/**/*.test.ts',
  'electron/attack/**/*.test.ts',
  'core/oracle/{mutated-files,mutated-packages,mutated-stores,killed}.test.ts',
  'core/packages/killed.test.ts',
  'electron/cli/signals.test.ts',
]

/** Environment that makes tests quicker: a cache for compiled code, and temporary files in memory if it has room. */
export const UNIT_ENV = {
  NODE_COMPILE_CACHE: path.resolve(import.meta.dirname, '../node_modules/.cache/compile'),
  TMPDIR: scratchRoot(),
  /** For files that are too large for memory. */
  DISK_TMPDIR: tmpdir(),
}
