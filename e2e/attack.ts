import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PLAYWRIGHT, VITEST } from './runners.ts'

/**
 * `npm run attack [-- WORD...]`: runs every attack at full size (an hour or more), or those with one of the words in
 * their file names, and prints their counts. ATTACK_SCALE=0.1 is the size in CI, ATTACK_SEED=7 sets the random numbers,
 * ATTACK_RUN=1234 repeats one run, as a failure says. Without root (small disks), strace (failing disks), NumPack
 * (NUMPACK_PYTHON) or Chromium some attacks are skipped.
 */
const root = path.resolve(import.meta.dirname, '..')

const words = process.argv.slice(2)
const report = path.join(tmpdir(), `numpack-attack-${process.pid}.log`)
const env = { ATTACK_SCALE: '1', ...process.env, ATTACK_REPORT: report }
const run = (...args: string[]): boolean =>
  spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env }).status === 0

const isWhole = [run(VITEST, 'run', '--config', 'vitest.attack.config.ts', '--passWithNoTests', ...words)]
if (words.length === 0) isWhole.push(run(PLAYWRIGHT, 'test', '--config', 'e2e/browser/playwright.config.ts', 'attack'))

try {
  console.log(`\n${readFileSync(report, 'utf8')}`)
  rmSync(report)
} catch {
  console.log('\nno attack reported its counts')
}
process.exit(isWhole.every(Boolean) ? 0 : 1)
