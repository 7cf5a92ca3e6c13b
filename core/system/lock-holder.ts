import { closeSync, constants, fchmodSync, openSync, readFileSync, readlinkSync, unlinkSync, writeSync } from 'node:fs'
import { HOLDER_FILE } from '../format/names.ts'
import { type FileIdentity, identityKey } from './file-stat.ts'
import type { HeldFolder } from './held-folder.ts'
import { ignoreErrors } from './ignore-errors.ts'
import { isErrno } from './io-error.ts'
import { NEW_FILE, openPlain } from './plain-file.ts'
import { isRunning } from './running.ts'

/**
 * The holder file names the process that holds a store's lock. By POSIX a process loses a lock when anything in it
 * closes another descriptor of the file, as `fs.cpSync` of the store does. The process that gets the lost lock reads
 * here that its holder is still at work, and waits. Process id, start and namespace exclude dead processes and those of
 * other containers; the lock file's identity excludes a copied holder file. Windows locks belong to descriptors and need
 * no such file.
 */

const MAX_BYTES = 200

function readNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}

/** Returns when a process started, in ticks since the boot, or '' if the system doesn't say. */
function readStart(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // Field 22 (proc_pid_stat(5)). The second field, the program's name in parentheses, may hold anything.
    return stat.slice(stat.lastIndexOf(')')).split(' ')[20] ?? ''
  } catch {
    return ''
  }
}

const describeHolder = (lock: FileIdentity, pid: number): string =>
  [identityKey(lock), readNamespace(), readStart(pid), pid].join(' ')

/**
 * Records this process as the holder, until disposed. Returns null while another process is. Where no file can be
 * written, the lock alone counts.
 */
export function claimLock(folder: HeldFolder, lock: FileIdentity): Disposable | null {
  if (process.platform === 'win32') return { [Symbol.dispose]: () => {} }
  const path = folder.at(HOLDER_FILE)
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const fd = openSync(path, NEW_FILE, 0o644)
      try {
        ignoreErrors(() => fchmodSync(fd, 0o644))
        writeSync(fd, describeHolder(lock, process.pid))
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
  const text = readHolder(path)
  const pid = Number(/ (\d+)$/.exec(text)?.[1])
  return pid > 0 && pid !== process.pid && readStart(pid) !== '' && isRunning(pid) && text === describeHolder(lock, pid)
}

/** Returns '' for a file that can't be read or is too large. */
function readHolder(path: string): string {
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
