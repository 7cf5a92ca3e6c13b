import { basename, dirname, extname, join, resolve } from 'node:path'

/** `data.npk` -> `data.npkg` beside it; a given target without a suffix gets `.npkg`. */
export function packTarget(source: string, target?: string): string {
  if (target !== undefined) return extname(target) === '' ? `${trimmed(target)}.npkg` : target
  const name = nameOf(source)
  const stem = name.endsWith('.npk') && name !== '.npk' ? name.slice(0, -'.npk'.length) : name
  return join(dirname(trimmed(source)), `${stem}.npkg`)
}

/** `data.npkg` and `data.npk.npkg` -> `data.npk` beside it; a given target as it is. */
export function unpackTarget(source: string, target?: string): string {
  if (target !== undefined) return target
  const name = nameOf(source)
  const stem = name.slice(0, name.length - extname(name).length)
  return join(dirname(trimmed(source)), stem.endsWith('.npk') ? stem : `${stem}.npk`)
}

const trimmed = (path: string): string => (path === '.' || path === '..' ? resolve(path) : path.replace(/[/\\]+$/, ''))

const nameOf = (path: string): string => basename(resolve(path))
