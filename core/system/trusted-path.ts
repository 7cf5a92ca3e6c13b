import { lstatSync, readlinkSync, type Stats } from 'node:fs'
import { dirname, isAbsolute, parse, resolve, sep } from 'node:path'
import { NumPackError } from '../format/errors.ts'
import { HeldFolder } from './held-folder.ts'
import { folderChanged } from './held-stores.ts'
import { ioError, isErrno } from './io-error.ts'

/** As many links as Linux follows. */
const MAX_LINKS = 40

/**
 * The path without links that a path leads to, as far as it is there. Throws `PATH_ESCAPE` at a link that another user
 * put on the way: who may rename things in a shared folder would else decide what is written to, or packed. Links of
 * root and of this user are followed. Linux (fs.protected_symlinks) follows those of the folder's owner too, where nobody
 * can put a folder of their own in the place of another one.
 */
export function trustedPath(path: string): string {
  const full = resolve(path)
  const user = process.geteuid?.()
  if (user === undefined) return full
  let { root: at } = parse(full)
  let links = 0
  // Last names first.
  const rest = namesIn(full.slice(at.length))
  for (let name = rest.pop(); name !== undefined; name = rest.pop()) {
    // In the target of a link: the folder above, wherever links led to.
    if (name === '..') at = dirname(at)
    if (name === '..' || name === '.') continue
    const next = resolve(at, name)
    const stat = lookAt(next)
    if (stat === undefined) return resolve(next, ...rest.toReversed())
    if (!stat.isSymbolicLink()) {
      at = next
      continue
    }
    if ((stat.uid !== 0 && stat.uid !== user) || ++links > MAX_LINKS) throw foreignLink(path, next, stat.uid)
    const target = readlinkSync(next)
    if (isAbsolute(target)) at = parse(target).root
    rest.push(...namesIn(target))
  }
  return at
}

const namesIn = (path: string): string[] => path.split(sep).filter(Boolean).reverse()

/**
 * Opens the folder that a path leads to, if no link of another user led there; whatever the path leads to later, what is
 * done in the result is done there. Throws `PATH_ESCAPE`, `CHANGED_ON_DISK` when it is exchanged meanwhile, or as opening does.
 */
export function openTrusted(path: string): HeldFolder {
  const folder = HeldFolder.openPath(path)
  try {
    checkTrusted(path, folder)
    return folder
  } catch (error) {
    folder[Symbol.dispose]()
    throw error
  }
}

/** Throws `PATH_ESCAPE` or `CHANGED_ON_DISK` when a folder was reached by a link of another user. */
export function checkTrusted(path: string, folder: HeldFolder): void {
  // Windows lets administrators alone make links by default.
  if (process.geteuid === undefined) return
  const trusted = trustedPath(path)
  // A disk that takes upper for lower case shows another spelling.
  if (trusted !== folder.realPath && !folder.hasName(trusted)) throw folderChanged(path)
}

function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path)
  } catch (error) {
    // What can't be looked at can't be followed either; who opens it says so.
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return undefined
    throw ioError(error, path, 'open')
  }
}

const foreignLink = (path: string, link: string, owner: number): NumPackError =>
  new NumPackError(
    'PATH_ESCAPE',
    `${path} leads through ${link}, a symbolic link of user ${owner}. Name what it leads to itself.`,
    { path, link, owner },
  )
