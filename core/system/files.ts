import {
  closeSync,
  constants,
  fdatasync,
  fsync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  write,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { NumPackError } from '../format/errors.ts'
import { IncrementalSync, SYNC_BYTES } from './incremental-sync.ts'
import { type FileAccess, giveAccess, setMode } from './file-access.ts'
import { type FileIdentity, type FileStat, isSameFile, statDescriptor } from './file-stat.ts'
import { changedOnDisk } from './handles.ts'
import type { HeldFolder } from './held-folder.ts'
import { atHeld } from './held-stores.ts'
import { ignoreErrors } from './ignore-errors.ts'
import { isErrno, type WriteAction, writeError } from './io-error.ts'
import { makeFolders } from './make-folders.ts'
import { NO_FOLLOW, openPlain } from './plain-file.ts'

/**
 * Everything that changes a disk goes through this object, so that tests can make each step fail: they replace its
 * functions for a while. Paths of a store that is being written to are those of the folder that is held.
 */
export const disk = {
  open: (path: string, flags: number, mode?: number): number => openSync(atHeld(path), flags, mode),
  write: (fd: number, bytes: NodeJS.ArrayBufferView, offset: number, length: number, position: number): number =>
    writeSync(fd, bytes, offset, length, position),
  sync: fsyncSync,
  /** These run in threads of Node while this one goes on. */
  writeAside: promisify(write),
  syncAside: promisify(fsync),
  syncDataAside: promisify(fdatasync),
  close: closeSync,
  truncate: ftruncateSync,
  rename: (from: string, to: string): void => renameSync(atHeld(from), atHeld(to)),
  link: (from: string, to: string): void => linkSync(atHeld(from), atHeld(to)),
  symlink: (target: string, path: string): void => symlinkSync(target, atHeld(path)),
  unlink: (path: string): void => unlinkSync(atHeld(path)),
  makeFolder: (path: string): void => {
    mkdirSync(atHeld(path))
  },
  removeFolder: (path: string): void => rmdirSync(atHeld(path)),
}

/** Files of this form are being written, or were when their program died. */
const TEMPORARY = /^write-\d+-\d+\.tmp$/
let temporaries = 0

/** Whether a file is one that `temporaryIn` named. */
export const isTemporary = (file: string): boolean => TEMPORARY.test(file)

/** A new name for a file that is not whole yet. */
export const temporaryName = (): string => `write-${process.pid}-${++temporaries}.tmp`

/** A new path in a folder for a file that is not whole yet. */
export const temporaryIn = (folder: string): string => join(folder, temporaryName())

async function doingAside<T>(action: WriteAction, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw writeError(error, path, action)
  }
}

function doing<T>(action: WriteAction, path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw writeError(error, path, action)
  }
}

const CREATE = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW
/** What a file is made with that gets other permissions afterwards. */
const OWNER_ONLY = 0o600

/** A file that is written; to be closed in a `using` block. Throws `NO_SPACE` or `IO`. */
export class OutputFile implements Disposable {
  readonly path: string
  #fd: number
  readonly #incrementalSync: IncrementalSync | null

  private constructor(path: string, fd: number, syncsIncrementally: boolean) {
    this.path = path
    this.#fd = fd
    this.#incrementalSync = syncsIncrementally ? new IncrementalSync(fd) : null
  }

  /**
   * Makes a file where nothing may be: O_EXCL follows no link and takes no file that somebody else made, so that names need
   * not be secret. `access` is what it gets, and at no moment more, null what the umask says; `at` is its path for system
   * calls (HeldFolder).
   */
  static create(path: string, access: FileAccess | 'owner' | null = null, at = path): OutputFile {
    return doing('create', path, () => {
      const file = new OutputFile(path, disk.open(at, CREATE, access === null ? 0o666 : OWNER_ONLY), true)
      try {
        if (access !== null && access !== 'owner') giveAccess(file.#fd, access)
        return file
      } catch (error) {
        file[Symbol.dispose]()
        throw error
      }
    })
  }

  /**
   * Opens a file that is there to be changed where it is. `CHANGED_ON_DISK` when it is not the one that was looked at, or
   * has a second name (a hard link, as a snapshot has): what is written would change there, too. Without `syncsIncrementally` the
   * disk gets to work at the end only: for bytes that may soon change once more.
   */
  static change(path: string, identity: FileIdentity, syncsIncrementally = true): OutputFile {
    return doing('open', path, () => {
      const { fd, stat } = openPlain(path, constants.O_RDWR, path, disk.open)
      const file = new OutputFile(path, fd, syncsIncrementally)
      if (isSameFile(stat, identity) && stat.nlink <= 1) return file
      file[Symbol.dispose]()
      throw changedOnDisk(
        path,
        stat.nlink > 1 ? 'it got a second name (a hard link)' : 'it was replaced by another file',
      )
    })
  }

  get stat(): FileStat {
    return statDescriptor(this.#fd)
  }

  /** Writes all of `bytes` at `position`, however few the system takes at a time. */
  write(bytes: NodeJS.ArrayBufferView, position: number): void {
    doing('write', this.path, () => {
      const length = bytes.byteLength
      for (let done = 0; done < length; ) {
        const count = disk.write(this.#fd, bytes, done, Math.min(length - done, SYNC_BYTES), position + done)
        if (count === 0) throw Object.assign(new Error('the disk takes no more'), { code: 'EIO' })
        done += count
        this.#incrementalSync?.addWrite(count)
      }
    })
  }

  /** Cuts the file off, or fills it up with zeros. */
  resize(bytes: number): void {
    doing('shorten', this.path, () => disk.truncate(this.#fd, bytes))
  }

  /** Gives the file its final mode. */
  setMode(mode: number): void {
    doing('write', this.path, () => setMode(this.#fd, mode))
  }

  /** Returns when what was written is on the disk. */
  sync(): void {
    doing('sync', this.path, () => disk.sync(this.#fd))
  }

  /** As `write`, but asynchronous and without incremental sync. */
  async writeAside(bytes: Uint8Array, position: number): Promise<void> {
    await doingAside('write', this.path, async () => {
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await disk.writeAside(this.#fd, bytes, done, bytes.length - done, position + done)
        done += bytesWritten
      }
    })
  }

  /** As `sync`, while this thread goes on. */
  async syncAside(): Promise<void> {
    await doingAside('sync', this.path, () => disk.syncAside(this.#fd))
  }

  /** As `syncAside`, of the content alone. */
  async syncDataAside(): Promise<void> {
    await doingAside('sync', this.path, () => disk.syncDataAside(this.#fd))
  }

  [Symbol.dispose](): void {
    if (this.#fd < 0) return
    this.#incrementalSync?.[Symbol.dispose]()
    disk.close(this.#fd)
    this.#fd = -1
  }
}

/** How a file is made. */
interface Creation {
  /** What it may be used for, by whom; null what the umask says. */
  readonly access: FileAccess | null
  /** Whether it is on the disk when `createFile` returns. */
  readonly synced?: boolean
}

/** Makes a file of these parts. */
export function createFile(path: string, parts: readonly Uint8Array[], { access, synced = true }: Creation): void {
  using file = OutputFile.create(path, access)
  let position = 0
  for (const part of parts) {
    file.write(part, position)
    position += part.length
  }
  if (synced) file.sync()
}

/**
 * Gives a file a new name in place of whatever had it. Of paths for system calls (HeldFolder) `shown` is the new one's
 * name.
 */
export const renameFile = (from: string, to: string, shown = to): void =>
  doing('rename', shown, () => disk.rename(from, to))

/** Gives a file a second name. */
export const linkFile = (from: string, to: string, shown = to): void =>
  doing('create', shown, () => disk.link(from, to))

/** Makes a symbolic link to a path relative to the link's folder. */
export const linkSymbolically = (target: string, path: string, shown = path): void =>
  doing('create', shown, () => disk.symlink(target, path))

/** Removes a file; does nothing where there is none. */
export function removeFile(path: string): void {
  doing('remove', path, () => {
    try {
      disk.unlink(path)
    } catch (error) {
      if (!isErrno(error, 'ENOENT')) throw error
    }
  })
}

/** Best effort: the next writer removes the file if this fails. */
export const tryToRemove = (path: string): void => ignoreErrors(() => disk.unlink(path))

/** Removes a folder if it is empty. */
export const removeEmptyFolder = (path: string): void => ignoreErrors(() => disk.removeFolder(path))

/** Makes a folder and its parents; does nothing where it is. */
export const makeFolder = (path: string): void =>
  doing('create', path, () => void makeFolders(path, folder => disk.makeFolder(folder)))

/** Makes a folder in one that is there; does nothing where something has its name. */
export function makeSubfolder(path: string, shown = path): void {
  doing('create', shown, () => {
    try {
      disk.makeFolder(path)
    } catch (error) {
      if (!isErrno(error, 'EEXIST')) throw error
    }
  })
}

/** Returns when the names in a folder are on the disk. Windows has no such call: its renames are journalled. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  doing('sync', path, () => {
    const fd = disk.open(path, constants.O_RDONLY | constants.O_DIRECTORY)
    try {
      disk.sync(fd)
    } finally {
      disk.close(fd)
    }
  })
}

/** As `syncFolder`, of a folder that is held. */
export function syncHeld({ fd, path }: HeldFolder): void {
  if (fd === null) syncFolder(path)
  else doing('sync', path, () => disk.sync(fd))
}

/** Returns when what was written to a file, by whomever, is on the disk. Throws `CHANGED_ON_DISK` for another file. */
export function syncFile(path: string, identity: FileIdentity): void {
  doing('open', path, () => {
    const { fd, stat } = openPlain(path, constants.O_RDWR, path, disk.open)
    try {
      if (!isSameFile(stat, identity)) throw changedOnDisk(path, 'it was replaced by another file')
      doing('sync', path, () => disk.sync(fd))
    } finally {
      disk.close(fd)
    }
  })
}

/**
 * Replaces a file: written beside, synced, renamed, its folder synced. The old one is there until the new one is whole.
 */
export function replaceFile(path: string, bytes: Uint8Array, access: FileAccess | null): void {
  const temporary = temporaryIn(dirname(path))
  try {
    createFile(temporary, [bytes], { access })
    renameFile(temporary, path)
  } catch (error) {
    tryToRemove(temporary)
    throw error instanceof NumPackError && error.details['path'] === temporary ? renamed(error, path) : error
  }
  syncFolder(dirname(path))
}

/** The error of a temporary file, saying which file it was for. */
const renamed = (error: NumPackError, path: string): NumPackError =>
  new NumPackError(
    error.code,
    `${error.message} (It was to become ${basename(path)}.)`,
    { ...error.details, path },
    error,
  )
