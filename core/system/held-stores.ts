import { resolve, sep } from 'node:path'
import { NumPackError } from '../format/errors.ts'
import type { HeldFolder } from './held-folder.ts'

/**
 * Folders of the stores that this thread is writing to, by path. Anyone who may rename such a folder can replace it by
 * a link to another store, so an operation works in the folder that it locked, wherever the path leads.
 */
const held = new Map<string, { readonly folder: HeldFolder; users: number }>()

/** Redirects system calls at a path to this folder. Throws `CHANGED_ON_DISK` while another one is held there. */
export function holdAt(path: string, folder: HeldFolder): Disposable {
  const key = resolve(path)
  const entry = held.get(key) ?? { folder, users: 0 }
  if (entry.folder !== folder) throw folderChanged(path)
  entry.users++
  held.set(key, entry)
  return {
    [Symbol.dispose]: () => {
      if (--entry.users === 0) held.delete(key)
    },
  }
}

export function atHeld(path: string): string {
  let nearest = ''
  for (const key of held.keys()) {
    const isInside = path === key || (path.startsWith(key) && path[key.length] === sep)
    // Stores can be nested: the innermost one counts.
    if (isInside && key.length > nearest.length) nearest = key
  }
  const folder = held.get(nearest)?.folder
  if (folder === undefined) return path
  return path === nearest ? folder.root : folder.below(path.slice(nearest.length + 1))
}

export const folderChanged = (path: string): NumPackError =>
  new NumPackError(
    'CHANGED_ON_DISK',
    `${path} leads to another folder than when the store was opened. Nothing was written there: open the store again.`,
    { path },
  )
