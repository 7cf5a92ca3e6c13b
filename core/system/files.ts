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
  readdirSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  write,
  writeSync,
} from 'node:fs'
import { randomInt } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { NumPackError } from '../format/errors.ts'
import { IncrementalSync, SYNC_BYTES } from './incremental-sync.ts'
import { type FileAccess, giveAccess, type Owner, setMode } from './file-access.ts'
import { type FileIdentity, type FileStat, isSameFile, statDescriptor } from './file-stat.ts'
import { changedOnDisk, handles } from './handles.ts'
import type { HeldFolder } from './held-folder.ts'
import { atHeld } from './held-stores.ts'
import { ignoreErrors } from './ignore-errors.ts'
import { insist, Patience } from './insist.ts'
import { doing, doingAside, isErrno } from './io-error.ts'
import { makeFolders } from './make-folders.ts'
import { NEW_FILE, openPlain } from './plain-file.ts'

/** System calls that change a disk; tests make single ones fail. `atHeld` redirects paths to the held folder. */
export const disk = {
  open: (path: string, flags: number, mode?: number): number => openSync(atHeld(path), flags, mode),
  write: (fd: number, bytes: NodeJS.ArrayBufferView, offset: number, length: number, position: number): number =>
    writeSync(fd, bytes, offset, length, position),
  sync: fsyncSync,
  /** These run in Node's thread pool. */
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

/** Files that are being written, or were when their process died. */
const TEMPORARY = /^write-\d+-\d+\.tmp$/
let temporaries = 0

export const isTemporary = (file: string): boolean => TEMPORARY.test(file)

export const temporaryName = (): string => `write-${process.pid}-${++temporaries}.tmp`

/** For a file that is made without the store's lock: other threads of this process may make one, too. */
export const randomTemporaryName = (): string => `write-${process.pid}-${randomInt(2 ** 40, 2 ** 47)}.tmp`

export const temporaryIn = (folder: string): string => join(folder, temporaryName())

const OWNER_ONLY = 0o600

/** The size of the smallest hole. */
const ZEROS = Buffer.alloc(64 * 1024)

/** A file to write to, for a `using` block. Throws `NO_SPACE` or `IO`. */
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
   * Creates a file. O_EXCL follows no link and opens no file of someone else, so names need not be secret. `access` is
   * all that it grants at any moment; null leaves it to the umask. `at` is its path for system calls (HeldFolder).
   */
  static create(path: string, access: FileAccess | 'owner' | null = null, at = path): OutputFile {
    return doing('create', path, () => {
      const mode = access === null ? 0o666 : OWNER_ONLY
      const file = new OutputFile(
        path,
        handles.freeing(() => insist(() => disk.open(at, NEW_FILE, mode))),
        true,
      )
      try {
        if (access !== null && access !== 'owner') giveAccess(file.#fd, access)
        return file
      } catch (error) {
        file[Symbol.dispose]()
        tryToRemove(at)
        throw error
      }
    })
  }

  /**
   * Opens an existing file to change it in place. Throws `CHANGED_ON_DISK` if it is another file than `identity`, or
   * has a second hard link (as in a snapshot). `syncsIncrementally` is false for bytes that may soon change again.
   */
  static change(path: string, identity: FileIdentity, syncsIncrementally = true): OutputFile {
    return doing('open', path, () => {
      const { fd, stat } = handles.freeing(() => insist(() => openPlain(path, constants.O_RDWR, path, disk.open)))
      handles.closeAt(path)
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

  /** Leaves holes for zeros: nothing may be there yet. `resize` the file afterwards, which may end with one. */
  writeSparse(bytes: Uint8Array, position: number): void {
    let written = 0
    const writeUpTo = (end: number): void => {
      if (written < end) this.write(bytes.subarray(written, end), position + written)
    }
    for (let at = 0; at < bytes.length; at += ZEROS.length) {
      const end = Math.min(at + ZEROS.length, bytes.length)
      if (ZEROS.compare(bytes, at, end, 0, end - at) !== 0) continue
      writeUpTo(at)
      written = end
    }
    writeUpTo(bytes.length)
  }

  resize(bytes: number): void {
    doing('shorten', this.path, () => disk.truncate(this.#fd, bytes))
  }

  setMode(mode: number, owner: Owner | null): void {
    doing('write', this.path, () => setMode(this.#fd, mode, owner))
  }

  sync(): void {
    doing('sync', this.path, () => disk.sync(this.#fd))
  }

  async writeAside(bytes: Uint8Array, position: number): Promise<void> {
    await doingAside('write', this.path, async () => {
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await disk.writeAside(this.#fd, bytes, done, bytes.length - done, position + done)
        done += bytesWritten
      }
    })
  }

  async syncAside(): Promise<void> {
    await doingAside('sync', this.path, () => disk.syncAside(this.#fd))
  }

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

interface Creation {
  readonly access: FileAccess | 'owner' | null
  readonly synced?: boolean
}

export function createFile(path: string, parts: readonly Uint8Array[], { access, synced = true }: Creation): FileStat {
  using file = OutputFile.create(path, access)
  let position = 0
  for (const part of parts) {
    file.write(part, position)
    position += part.length
  }
  if (synced) file.sync()
  return file.stat
}

/** Replaces what has the new name. `shown`: the new path in errors, if the others are for system calls (HeldFolder). */
export const renameFile = (from: string, to: string, shown = to): void =>
  doing('rename', shown, () => insist(() => disk.rename(from, to)))

export const linkFile = (from: string, to: string, shown = to): void =>
  doing('create', shown, () => disk.link(from, to))

export const linkSymbolically = (target: string, path: string, shown = path): void =>
  doing('create', shown, () => disk.symlink(target, path))

export function removeFile(path: string): void {
  doing('remove', path, () => {
    try {
      insist(() => disk.unlink(path))
    } catch (error) {
      if (!isErrno(error, 'ENOENT')) throw error
    }
  })
}

/** Best effort: the next writer removes the file if this fails. */
export const tryToRemove = (path: string, patience = new Patience()): void =>
  ignoreErrors(() => insist(() => disk.unlink(path), patience))

export const removeEmptyFolder = (path: string, patience = new Patience()): void =>
  ignoreErrors(() => {
    if (readdirSync(atHeld(path)).length === 0) insist(() => disk.removeFolder(path), patience)
  })

export const makeFolder = (path: string): void =>
  doing('create', path, () => void makeFolders(path, folder => disk.makeFolder(folder)))

export function makeSubfolder(path: string, shown = path): void {
  doing('create', shown, () => {
    try {
      disk.makeFolder(path)
    } catch (error) {
      if (!isErrno(error, 'EEXIST')) throw error
    }
  })
}

/** Returns when the names in a folder are on the disk. Windows journals renames itself. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  doing('sync', path, () => {
    const fd = disk.open(path, constants.O_RDONLY | constants.O_DIRECTORY)
    try {
      syncNames(fd)
    } finally {
      disk.close(fd)
    }
  })
}

/** Errors of disks that sync no folders (CIFS, vboxsf, sshfs, DrvFs) but have the names of synced files. */
const NO_FOLDER_SYNC = ['EINVAL', 'EBADF', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EISDIR', 'EROFS']

export function syncNames(fd: number): void {
  try {
    disk.sync(fd)
  } catch (error) {
    if (!isErrno(error, ...NO_FOLDER_SYNC)) throw error
  }
}

export function syncHeld({ fd, path }: HeldFolder): void {
  if (fd === null) syncFolder(path)
  else doing('sync', path, () => syncNames(fd))
}

/** Syncs a file, whoever wrote to it. Throws `CHANGED_ON_DISK` for another file. */
export function syncFile(path: string, identity: FileIdentity): void {
  doing('open', path, () => {
    const { fd, stat } = insist(() => openPlain(path, constants.O_RDWR, path, disk.open))
    try {
      if (!isSameFile(stat, identity)) throw changedOnDisk(path, 'it was replaced by another file')
      doing('sync', path, () => disk.sync(fd))
    } finally {
      disk.close(fd)
    }
  })
}

/** Replaces a file atomically: writes a sibling, syncs and renames it, and syncs the folder. */
export function replaceFile(
  path: string,
  bytes: Uint8Array,
  access: FileAccess | 'owner' | null,
  temporary = temporaryIn(dirname(path)),
): void {
  try {
    createFile(temporary, [bytes], { access })
    renameFile(temporary, path)
  } catch (error) {
    tryToRemove(temporary)
    throw error instanceof NumPackError && error.details['path'] === temporary ? renamed(error, path) : error
  }
  syncFolder(dirname(path))
}

const renamed = (error: NumPackError, path: string): NumPackError =>
  new NumPackError(
    error.code,
    `${error.message} (It was to become ${basename(path)}.)`,
    { ...error.details, path },
    error,
  )
