import { spawnSync, type SpawnSyncOptions } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Two user ids that nobody else has on this machine. Only root can run programs as another user. */
export const VICTIM = 3001
export const ATTACKER = 3002

/** A group that no user is in by default. */
export const TEAM = 4000

export const PYTHON = '/usr/bin/python3'

/** Returns the beginning of a command that runs a program as a user in the user's own group, and in `group` if given. */
export const asUser = (uid: number, group?: number): [string, ...string[]] => [
  'setpriv',
  `--reuid=${uid}`,
  `--regid=${uid}`,
  group === undefined ? '--clear-groups' : `--groups=${group}`,
]

/** As `asUser`, but in `group` alone: new files belong to it. */
export const asMember = (uid: number, group: number): [string, ...string[]] => [
  'setpriv',
  `--reuid=${uid}`,
  `--regid=${group}`,
  '--clear-groups',
]

export function runAs(uid: number, command: readonly string[], options: SpawnSyncOptions = {}) {
  const [program, ...args] = asUser(uid)
  return spawnSync(program, [...args, ...command], { ...options, encoding: 'utf8' })
}

/** Why tests of attackers can't run here, or null. */
export const noAttackers = (): string | null => noUsers() ?? (existsSync(PYTHON) ? null : `there is no ${PYTHON}`)

/** Why programs can't run as other users here, or null. */
export function noUsers(): string | null {
  if (process.platform !== 'linux') return 'other users are tested on Linux'
  if (process.getuid?.() !== 0) return 'only root can run programs as other users'
  const program = join(import.meta.dirname, '../cli/numpack.mjs')
  const { error, status } = runAs(VICTIM, [process.execPath, '-e', `require('fs').readFileSync('${program}')`])
  if (error) return "there is no command 'setpriv'"
  return status === 0 ? null : 'other users cannot read this program'
}
