import { closeSync, constants, fchmodSync, openSync, readFileSync, readlinkSync, unlinkSync, writeSync } from 'node:fs'
import { HOLDER_FILE } from '../format/names.ts'
import { type FileIdentity, identityKey } from './file-stat.ts'
import type { HeldFolder } from './held-folder.ts'
import { ignoreErrors } from './ignore-errors.ts'
import { isErrno } from './io-error.ts'
import { NEW_FILE, openPlain } from './plain-file.ts'
import { isRunning } from './running.ts'

/**
 * Names the process that holds a store's lock. By POSIX a process loses a lock when anything in it closes another
 * descriptor of the file, as `fs.cpSync` of the store does. Who gets that lock next sees here that its holder is at
 * work, and waits. Process id, start and namespace tell dead processes and other containers apart; the lock's identity
 * tells a copied file. Windows locks belong to descriptors and need no such file.
 */

const MAX_BYTES = 200

const namespace = (): string => linkText('/proc/self/ns/pid')

function linkText(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

/** Returns ticks since the boot, or '' if the system doesn't say. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name of the program, in parentheses, may hold anything.
    return stat.slice(stat.lastIndexOf(')')).split(' ')[20] ?? ''
  } catch {
    return ''
  }
}

const describe = (lock: FileIdentity, pid: number): string =>
  [identityKey(lock), namespace(), startOf(pid), pid].join(' ')

/** Records this process as the holder. Returns null while another one is at work. Without a file the lock counts. */
export function claimLock(folder: HeldFolder, lock: FileIdentity): Disposable | null {
  if (process.platform === 'win32') return { [Symbol.dispose]: () => {} }
  const path = folder.at(HOLDER_FILE)
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const fd = openSync(path, NEW_FILE, 0o644)
      try {
        ignoreErrors(() => fchmodSync(fd, 0o644))
        writeSync(fd, describe(lock, process.pid))
      } catch (error) {
        ignoreErrors(() => unlinkSync(path))
        throw error
      } finally {
        closeSync(fd)
      }
      return { [Symbol.dispose]: () => ignoreErrors(() => unlinkSync(path)) }
    } catch (error) {
      if (!isErrno(error, 'EEXIST')) break
      if (isHeldByOther(path, lock)) return null
      ignoreErrors(() => unlinkSync(path))
    }
  }
  return { [Symbol.dispose]: () => {} }
}

function isHeldByOther(path: string, lock: FileIdentity): boolean {
  const text = read(path)
  const pid = Number(/ (\d+)$/.exec(text)?.[1])
  return pid > 0 && pid !== process.pid && startOf(pid) !== '' && isRunning(pid) && text === describe(lock, pid)
}

function read(path: string): string {
  try {
    const { fd, stat } = openPlain(path, constants.O_RDONLY)
    try {
      return stat.size > MAX_BYTES ? '' : readFileSync(fd, 'latin1')
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return ''
  }
}
