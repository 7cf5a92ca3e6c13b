import { lstatSync, readlinkSync, type Stats } from 'node:fs'
import { dirname, isAbsolute, parse, resolve, sep } from 'node:path'
import { NumPackError } from '../format/errors.ts'
import { HeldFolder } from './held-folder.ts'
import { folderChanged } from './held-stores.ts'
import { ioError, isErrno } from './io-error.ts'

const MAX_LINKS = 40

/** Throws `PATH_ESCAPE` if a path leads through another user's link. Accepts a path that does not exist. */
export function refuseForeignLinks(path: string): void {
  trustedPath(path)
}

/**
 * Resolves the links of a path as far as it exists. Throws `PATH_ESCAPE` at a link of another user (not root): whoever
 * may rename entries of a shared folder would decide what is written to or packed. Linux (fs.protected_symlinks) also
 * follows links of the folder's owner, but in sticky folders only.
 */
function trustedPath(path: string): string {
  const full = resolve(path)
  const user = process.geteuid?.()
  if (user === undefined) return full
  let { root: at } = parse(full)
  let links = 0
  const rest = namesIn(full.slice(at.length))
  for (let name = rest.pop(); name !== undefined; name = rest.pop()) {
    // Only targets of links have '..' here: the folder above the one that the links led to.
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

/** Opens a folder. Throws `PATH_ESCAPE` for another user's link, `CHANGED_ON_DISK`, `NOT_FOUND` or `IO`. */
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
  // On Windows only administrators make links, unless that was changed.
  if (process.geteuid === undefined) return
  const trusted = trustedPath(path)
  // A disk that ignores case may show another spelling.
  if (trusted !== folder.realPath && !leadsStraightTo(trusted, folder)) throw folderChanged(path)
}

/** Whether an absolute path leads to a folder without any link, whatever takes the place of a folder on the way. */
function leadsStraightTo(path: string, folder: HeldFolder): boolean {
  const { root } = parse(path)
  let at: HeldFolder | null = HeldFolder.openPath(root)
  for (const name of namesIn(path.slice(root.length)).reverse()) {
    using parent: HeldFolder = at
    at = HeldFolder.open(parent, name)
    if (at === null) return false
  }
  using last: HeldFolder = at
  return last.is(folder.stat)
}

function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path)
  } catch (error) {
    // What can't be looked at can't be followed either. Opening it gives the error.
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
