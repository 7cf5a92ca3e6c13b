import { closeSync, constants, existsSync, lstatSync, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { isEntryName, leadsOut } from './entry-name.ts'
import { atHeld } from './held-stores.ts'
import { ioError, isErrno } from './ioerror.ts'
import { NO_FOLLOW } from './plain-file.ts'

/** Whether paths can begin at an open folder. Node has no `openat`; Linux shows what a process has open as links. */
const BEGINS_AT_DESCRIPTORS = process.platform === 'linux' && existsSync('/proc/self/fd')

/**
 * A folder inside a store, held open while it is worked in: whoever else can write to the store may exchange its name for
 * a link meanwhile, and nothing that is done by `at` follows that. Elsewhere than on Linux it is only looked at before.
 */
export class HeldFolder implements Disposable {
  /** As errors call it. */
  readonly path: string
  /** null where the system has no paths that begin at a descriptor. */
  readonly fd: number | null

  private constructor(path: string, fd: number | null) {
    this.path = path
    this.fd = fd
  }

  /**
   * Opens a folder by its name in another one. null where there is none, or something else, a link to a folder too. Throws
   * `PATH_ESCAPE` for a name that is no entry's.
   */
  static open(parent: string | HeldFolder, name: string): HeldFolder | null {
    if (!isEntryName(name)) throw leadsOut(typeof parent === 'string' ? parent : parent.path, name)
    const path = join(typeof parent === 'string' ? parent : parent.path, name)
    const at = typeof parent === 'string' ? atHeld(path) : parent.at(name)
    try {
      if (!BEGINS_AT_DESCRIPTORS) {
        return lstatSync(at, { throwIfNoEntry: false })?.isDirectory() === true ? new HeldFolder(path, null) : null
      }
      return new HeldFolder(path, openSync(at, constants.O_RDONLY | constants.O_DIRECTORY | NO_FOLLOW))
    } catch (error) {
      if (isErrno(error, 'ENOENT', 'ENOTDIR', 'ELOOP')) return null
      throw ioError(error, path, 'open')
    }
  }

  /**
   * The path of an entry for system calls: of this very folder, whatever its name leads to by now. Throws `PATH_ESCAPE`
   * for a name that is no entry's.
   */
  at(name: string): string {
    if (isEntryName(name)) return this.below(name)
    throw leadsOut(this.path, name)
  }

  /** The path of a file below this folder, or with '' of the folder itself. Folders between the two are not held. */
  below(relative: string): string {
    return this.fd === null ? join(this.path, relative) : `/proc/self/fd/${this.fd}/${relative}`
  }

  /** The names in the folder. */
  entries(): string[] {
    return readdirSync(this.below(''))
  }

  [Symbol.dispose](): void {
    if (this.fd !== null) closeSync(this.fd)
  }
}
