import { spawnSync } from 'node:child_process'

export function run(command: string, ...args: readonly (string | number)[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args.map(String), { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${stderr}`, { cause: error })
  return stdout
}
