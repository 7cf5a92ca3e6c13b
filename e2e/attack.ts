import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/**
 * `npm run attack`: every attack at full size, which takes an hour or more, and at its end the counts of all of them.
 *
 *     npm run attack                       # all, ATTACK_SCALE=1
 *     npm run attack -- packages links     # those whose files have one of these words in their names
 *     ATTACK_SCALE=0.1 npm run attack      # as CI does with `npm test`
 *     ATTACK_SEED=7 npm run attack         # with other random numbers
 *     ATTACK_SEED=7 ATTACK_RUN=1234 npm run attack -- mutated-stores   # one run again, as a failure says
 *
 * In the background: `nohup npm run attack > attack.log 2>&1 &`. Some attacks need root (small disks), strace (failing
 * disks), NumPack (NUMPACK_PYTHON) and Chromium; without these they are skipped and say so.
 */
const root = path.resolve(import.meta.dirname, '..')
const bin = (name: string): string => path.join(root, 'node_modules', '.bin', name)

const FILES = [
  'core/attack/',
  'electron/attack/',
  'core/oracle/mutated',
  'core/oracle/killed',
  'core/packages/killed',
  'electron/cli/signals',
]

const words = process.argv.slice(2)
const report = path.join(tmpdir(), `numpack-attack-${process.pid}.log`)
const env = { ATTACK_SCALE: '1', ...process.env, ATTACK_REPORT: report }
const run = (command: string, ...args: string[]): boolean =>
  spawnSync(bin(command), args, { cwd: root, stdio: 'inherit', env }).status === 0

// One at a time, so that attacks don't disturb each other's measurements.
const filters = words.length > 0 ? words : FILES
const isWhole = [run('vitest', 'run', '--no-file-parallelism', '--passWithNoTests', ...filters)]
if (words.length === 0)
  isWhole.push(run('playwright', 'test', '--config', 'e2e/browser/playwright.config.ts', 'attack'))

try {
  console.log(`\n${readFileSync(report, 'utf8')}`)
  rmSync(report)
} catch {
  console.log('\nno attack reported its counts')
}
process.exit(isWhole.every(Boolean) ? 0 : 1)
