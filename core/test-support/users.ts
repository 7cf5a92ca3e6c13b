import { spawnSync, type SpawnSyncOptions } from 'node:child_process'
import { join } from 'node:path'

/** For tests: two users of the machine that nobody else is. Only root can run programs as another user. */
export const VICTIM = 3001
export const ATTACKER = 3002

/** What runs a command as a user: the command line to put before it. */
export const asUser = (uid: number): [string, ...string[]] => [
  'setpriv',
  `--reuid=${uid}`,
  `--regid=${uid}`,
  '--clear-groups',
]

/** Runs a command as a user until it ends. */
export function runAs(uid: number, command: readonly string[], options: SpawnSyncOptions = {}) {
  const [program, ...args] = asUser(uid)
  return spawnSync(program, [...args, ...command], { ...options, encoding: 'utf8' })
}

/** Why there are no other users here, or null. */
export function noUsers(): string | null {
  if (process.platform !== 'linux') return 'other users are tested on Linux'
  if (process.getuid?.() !== 0) return 'only root can run programs as other users'
  const program = join(import.meta.dirname, '../../electron/cli.mjs')
  const { error, status } = runAs(VICTIM, [process.execPath, '-e', `require('fs').readFileSync('${program}')`])
  if (error) return "there is no command 'setpriv'"
  return status === 0 ? null : 'other users cannot read this program'
}
