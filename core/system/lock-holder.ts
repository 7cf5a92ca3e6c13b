import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  openSync,
  readFileSync,
  readlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { basename } from 'node:path'
import { HOLDER_FILE } from '../format/names.ts'
import { type FileIdentity, identityKey } from './file-stat.ts'
import type { HeldFolder } from './held-folder.ts'
import { ignoreErrors } from './ignore-errors.ts'
import { isErrno } from './io-error.ts'
import { NEW_FILE, openPlain } from './plain-file.ts'
import { isRunning } from './running.ts'

/**
 * The holder file names the thread that holds a store's lock. By POSIX a process loses a lock when anything in it closes
 * another descriptor of the file, as `fs.cpSync` of the store does, and has no lock against a second copy of this
 * library that it has loaded. Who gets the lock all the same reads here that its holder is still at work, and waits.
 * Process id, thread id, start and namespace exclude dead threads and those of other containers; the lock file's
 * identity excludes a copied holder file. Windows locks belong to descriptors and need no such file.
 */

const MAX_BYTES = 200

function readNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}

interface ThreadId {
  readonly pid: number
  readonly tid: number
}

/** Returns when a thread started, in ticks since the boot; '' if there is no such thread or the system doesn't say. */
function readStart({ pid, tid }: ThreadId): string {
  try {
    const stat = readFileSync(`/proc/${pid}/task/${tid}/stat`, 'latin1')
    // Field 22 (proc_pid_stat(5)). The second field, the program's name in parentheses, may hold anything.
    return stat.slice(stat.lastIndexOf(')')).split(' ')[20] ?? ''
  } catch {
    return ''
  }
}

/** The thread that calls; its id is 0 if the system doesn't say. */
function thisThread(): ThreadId {
  try {
    return { pid: process.pid, tid: Number(basename(readlinkSync('/proc/thread-self'))) }
  } catch {
    return { pid: process.pid, tid: 0 }
  }
}

/** The stores that this thread has locked, also by another copy of this library. */
function lockedHere(): Set<string> {
  const shared = globalThis as { [LOCKED_HERE]?: Set<string> }
  return (shared[LOCKED_HERE] ??= new Set())
}

const LOCKED_HERE = Symbol.for('numpack.lockedStores')

const describeHolder = (lock: FileIdentity, thread: ThreadId): string =>
  [identityKey(lock), readNamespace(), readStart(thread), thread.pid, thread.tid].join(' ')

/**
 * Records this thread as the holder, until disposed. Returns null while another one is, or another copy of this library.
 * Where no file can be written, the lock alone counts.
 */
export function claimLock(folder: HeldFolder, lock: FileIdentity): Disposable | null {
  if (process.platform === 'win32') return { [Symbol.dispose]: () => {} }
  const path = folder.at(HOLDER_FILE)
  const key = identityKey(lock)
  if (lockedHere().has(key)) return null
  const claim = (isRecorded: boolean): Disposable => {
    lockedHere().add(key)
    return {
      [Symbol.dispose]: () => {
        lockedHere().delete(key)
        if (isRecorded) ignoreErrors(() => unlinkSync(path))
      },
    }
  }
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const fd = openSync(path, NEW_FILE, 0o644)
      try {
        ignoreErrors(() => fchmodSync(fd, 0o644))
        writeSync(fd, describeHolder(lock, thisThread()))
      } catch (error) {
        ignoreErrors(() => unlinkSync(path))
        throw error
      } finally {
        closeSync(fd)
      }
      return claim(true)
    } catch (error) {
      if (!isErrno(error, 'EEXIST')) break
      if (isHeldByOther(path, lock)) return null
      ignoreErrors(() => unlinkSync(path))
    }
  }
  return claim(false)
}

function isHeldByOther(path: string, lock: FileIdentity): boolean {
  const text = readHolder(path)
  const [pid = 0, tid = 0] = / (\d+) (\d+)$/.exec(text)?.slice(1).map(Number) ?? []
  const holder = { pid, tid }
  const here = thisThread()
  if (pid === here.pid && tid === here.tid) return false
  const expected = describeHolder(lock, holder)
  if (readStart(holder) !== '') return text === expected
  return isHidden(pid) && withoutStart(text) === withoutStart(expected)
}

/** Whether a process of another user is there that `/proc` does not show (hidepid). */
const isHidden = (pid: number): boolean =>
  process.platform === 'linux' && pid > 0 && !existsSync(`/proc/${pid}`) && isRunning(pid)

const withoutStart = (text: string): string => text.split(' ').toSpliced(2, 1).join(' ')

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
