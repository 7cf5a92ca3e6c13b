import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const interpreter = process.env['NUMPACK_PYTHON'] ?? ''

/** Why tests that need NumPack are skipped, or null if they can run. */
export const noOracle: string | null = existsSync(interpreter)
  ? null
  : 'no NumPack here: set NUMPACK_PYTHON to a Python that has it'

const pathOf = (script: string): string => fileURLToPath(new URL(script, import.meta.url))

export const spawnPython = (script: string): ChildProcessWithoutNullStreams => spawn(interpreter, [pathOf(script)])

/** Runs a script of this folder and returns its output. Throws with its error output if it fails. */
export function runPython(script: string, ...args: (string | number)[]): string {
  const run = spawnSync(interpreter, [pathOf(script), ...args.map(String)], { encoding: 'utf8', maxBuffer: 2 ** 30 })
  if (run.status !== 0) throw new Error(`${script} ${args.join(' ')} failed:\n${run.stderr}`, { cause: run.error })
  return run.stdout
}
