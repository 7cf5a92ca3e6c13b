import { spawnSync } from 'node:child_process'

/** Runs a command and returns its output. Throws its error output if it fails. */
export function run(command: string, ...args: readonly (string | number)[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args.map(String), { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${stderr}`, { cause: error })
  return stdout
}
