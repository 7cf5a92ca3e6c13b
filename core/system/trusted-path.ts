import { lstatSync, readlinkSync, type Stats } from 'node:fs'
import { dirname, parse, resolve, sep } from 'node:path'
import { NumPackError } from '../format/errors.ts'
import { isErrno } from './io-error.ts'

/** As many links as Linux follows. */
const MAX_LINKS = 40

/**
 * The path without links that a path leads to, as far as it is there. Throws `PATH_ESCAPE` at a link that another user
 * put on the way: who may rename things in a shared folder would else decide what is written to, or packed. Links of
 * root, of this user and of the owner of the folder that they lie in are followed, as Linux does where everybody may write
 * (fs.protected_symlinks).
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
    const next = resolve(at, name)
    const stat = lookAt(next)
    if (stat === undefined) return resolve(next, ...rest.toReversed())
    if (!stat.isSymbolicLink()) {
      at = next
      continue
    }
    const isTrusted = stat.uid === 0 || stat.uid === user || stat.uid === lookAt(at)?.uid
    if (!isTrusted || ++links > MAX_LINKS) throw foreignLink(path, next, stat.uid)
    const target = resolve(dirname(next), readlinkSync(next))
    at = parse(target).root
    rest.push(...namesIn(target.slice(at.length)))
  }
  return at
}

const namesIn = (path: string): string[] => path.split(sep).filter(Boolean).reverse()

function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path)
  } catch (error) {
    // What can't be looked at can't be followed either; who opens it says so.
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return undefined
    throw error
  }
}

const foreignLink = (path: string, link: string, owner: number): NumPackError =>
  new NumPackError(
    'PATH_ESCAPE',
    `${path} leads through ${link}, a symbolic link that user ${owner} put into a folder of somebody else. Name what it leads to itself.`,
    { path, link, owner },
  )
