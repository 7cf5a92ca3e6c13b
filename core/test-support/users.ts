import { spawnSync, type SpawnSyncOptions } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** For tests: two users of the machine that nobody else is. Only root can run programs as another user. */
export const VICTIM = 3001
export const ATTACKER = 3002

/** The system's own Python, which every user may run. */
export const PYTHON = '/usr/bin/python3'

/** The command line to put before a command that a user runs, as a member of no group but `group`. */
export const asUser = (uid: number, group?: number): [string, ...string[]] => [
  'setpriv',
  `--reuid=${uid}`,
  `--regid=${uid}`,
  group === undefined ? '--clear-groups' : `--groups=${group}`,
]

/** Runs a command as a user until it ends. */
export function runAs(uid: number, command: readonly string[], options: SpawnSyncOptions = {}) {
  const [program, ...args] = asUser(uid)
  return spawnSync(program, [...args, ...command], { ...options, encoding: 'utf8' })
}

/** Why there are no other users here that can run Python, or null. */
export const noAttackers = (): string | null => noUsers() ?? (existsSync(PYTHON) ? null : `there is no ${PYTHON}`)

/** Why there are no other users here, or null. */
export function noUsers(): string | null {
  if (process.platform !== 'linux') return 'other users are tested on Linux'
  if (process.getuid?.() !== 0) return 'only root can run programs as other users'
  const program = join(import.meta.dirname, '../../electron/cli.mjs')
  const { error, status } = runAs(VICTIM, [process.execPath, '-e', `require('fs').readFileSync('${program}')`])
  if (error) return "there is no command 'setpriv'"
  return status === 0 ? null : 'other users cannot read this program'
}
