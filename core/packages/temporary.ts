import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'

/** Names of what is half-made beside a target, and what becomes of it after a crash. */

/** Tells this machine's leftovers from those of others that use the same network folder. */
const machine = (): string => createHash('sha256').update(hostname()).digest('hex').slice(0, 8)

/** Leaves room for the suffix in the 255 bytes of a file name. */
const MAX_BASE = 200

const baseOf = (target: string): string => {
  const base = basename(target)
  if (Buffer.byteLength(base) <= MAX_BASE) return base
  return createHash('sha256').update(base).digest('hex').slice(0, 32)
}

/** A new name beside `target`: `.tmp` for what is being made, `.old` for what it replaces. */
export const siblingOf = (target: string, kind: 'tmp' | 'old'): string =>
  join(dirname(target), `.${baseOf(target)}.${machine()}-${process.pid}-${randomBytes(4).toString('hex')}.${kind}`)

/**
 * Removes what processes of this machine that no longer run left beside `target`. A target that one of them had just
 * moved aside gets its name back.
 */
export function clearLeftovers(target: string): void {
  const prefix = `.${baseOf(target)}.${machine()}-`
  const folder = dirname(target)
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(prefix)) continue
    const match = /^(\d+)-[0-9a-f]{8}\.(tmp|old)$/.exec(name.slice(prefix.length))
    if (match === null || isRunning(Number(match[1]))) continue
    const path = join(folder, name)
    if (match[2] === 'old' && !existsSync(target)) renameSync(path, target)
    else rmSync(path, { recursive: true, force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
