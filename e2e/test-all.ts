import { removeFolder } from '../core/test-support/remove-folder.ts'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Outcome } from './report/outcome.ts'
import { checkSuite } from './report/check-suite.ts'
import { summarize } from './report/summary.ts'
import { PLAYWRIGHT, VITEST } from './runners.ts'
import { runOnWindows, windowsKit } from './windows/run.ts'

/**
 * `npm test`: runs every suite and prints a summary. A skip must give a reason; in CI no test may be skipped, except on
 * Windows, which lacks some of what is tested.
 */
const root = path.resolve(import.meta.dirname, '..')

const SUITES: [name: string, args: string[]][] = [
  ['Unit and component tests: engine, service, hosts and window', [VITEST, 'run']],
  [
    'Whole programs: command line, hosts, NumPack beside the engine',
    [VITEST, 'run', '--config', 'vitest.programs.config.ts'],
  ],
  ['Attacks on the engine and its hosts', [VITEST, 'run', '--config', 'vitest.attack.config.ts']],
  ['The window in Chromium', [PLAYWRIGHT, 'test', '--config', 'e2e/browser/playwright.config.ts']],
  [
    'The desktop app in Electron 9.4.1, with its code compiled down and polyfilled for it',
    [VITEST, 'run', '--config', 'e2e/electron9/vitest.config.ts'],
  ],
]

const folder = mkdtempSync(path.join(tmpdir(), 'numpack-explorer-test-'))
const outcomes: Outcome[] = []
for (const [index, [name, args]] of SUITES.entries()) {
  console.log(`\n${name}`)
  const file = path.join(folder, `${index}.json`)
  const run = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, OUTCOMES: file },
  })
  const suite: Outcome[] = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Outcome[]) : []
  outcomes.push(...checkSuite(name, suite, run))
}
removeFolder(folder)

const kit = windowsKit(process.env)
if (kit !== null) outcomes.push(...runOnWindows(kit, root))

const { lines, failed } = summarize(outcomes, process.env['CI'] === 'true')
console.log(`\n${lines.join('\n')}`)
process.exit(failed > 0 ? 1 : 0)
