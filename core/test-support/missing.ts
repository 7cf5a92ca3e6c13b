import { lstatSync, mkdtempSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeFolder } from './remove-folder.ts'

/** What this system lacks, in words for `testUnless`; null if it is there. */

const isWindows = process.platform === 'win32'
const isLinux = process.platform === 'linux'

export const NO_MODES = isWindows ? 'Windows has no modes and no umask' : null

/** The kit in which CI runs Windows' Node is no Windows here, and these tests were never run on one. */
export const NO_END_OF_MEMORY = isWindows
  ? 'Wine promises any memory, slowly, and ends the process; not tried on Windows itself'
  : null

export const NO_PIPES = isWindows ? 'Windows keeps no named pipes among files' : null

export const NO_PROC = isLinux ? null : 'only Linux shows in /proc what processes have open'

export const NO_FOLDER_SYNC = isWindows ? 'Windows syncs no folders: it journals renames itself' : null

export const NO_ROOT =
  process.geteuid?.() === 0 ? null : isWindows ? 'Windows has no user ids' : 'only root can give files to other users'

/** Windows makes links for administrators and in developer mode only. Wine says that it does, and makes none. */
export const NO_LINKS = makesLinks() ? null : 'this system makes no symbolic links for this user'

function makesLinks(): boolean {
  if (!isWindows) return true
  const folder = mkdtempSync(join(tmpdir(), 'links-'))
  const link = join(folder, 'link')
  try {
    symlinkSync('target', link)
    return lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() === true
  } catch {
    return false
  } finally {
    removeFolder(folder)
  }
}
