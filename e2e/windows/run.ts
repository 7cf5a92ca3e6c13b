import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { checkSuite } from '../report/check-suite.ts'
import type { Outcome } from '../report/outcome.ts'
import { VITEST } from '../runners.ts'

const NAME = 'Unit tests in Node for Windows under Wine, and files that other programs have open'

/** Where Windows' Node runs under Wine: installed by `.ci/run`. */
interface WindowsKit {
  readonly folder: string
  /** Copies the project into the folder and runs its Node. */
  readonly program: string
}

/** Returns null where there is no kit: on the machines of users. */
export function windowsKit({ WINDOWS_KIT: folder, NUMPACK_SHARED: shared }: NodeJS.ProcessEnv): WindowsKit | null {
  if (folder === undefined || shared === undefined) return null
  return { folder, program: path.join(shared, 'windows', 'windows.sh') }
}

const OUTCOMES = 'windows-outcomes.json'

/** Runs the suite of Windows and returns its outcomes. Skips with a reason count for nothing: Windows lacks these things. */
export function runOnWindows({ folder, program }: WindowsKit, root: string): readonly Outcome[] {
  console.log(`\n${NAME}`)
  const file = path.join(folder, 'root', 'project', OUTCOMES)
  rmSync(file, { force: true })
  const run = spawnSync(program, [folder, root, VITEST, 'run', '--config', 'vitest.windows.config.ts'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...UNICODE, OUTCOMES },
  })
  const outcomes = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Outcome[]) : []
  const skips = outcomes.filter(({ state, note }) => state === 'skipped' && note !== undefined)
  console.log(`${skips.length} tests of what Windows lacks are skipped there, each with its reason.`)
  return checkSuite(NAME, outcomes, run)
    .filter(outcome => !skips.includes(outcome))
    .map(outcome => ({ ...outcome, name: `Windows: ${outcome.name}` }))
}

/** Names of files are UTF-8; without the second, Git quotes them, and the kit leaves such files out. */
const UNICODE = {
  LC_ALL: 'C.UTF-8',
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'core.quotePath',
  GIT_CONFIG_VALUE_0: 'off',
}
