import { resolve, sep } from 'node:path'
import type { HeldFolder } from './held-folder.ts'

/**
 * The folders of the stores that this thread is writing to, each by the paths that lead to it. Whoever may rename a
 * store's folder can put a link to another store in its place at any moment: from the lock on, an operation works in the
 * folder that it locked, whatever the path leads to by then.
 */
const held = new Map<string, { readonly folder: HeldFolder; users: number }>()

/** Has what is done at a path be done in this folder, until the result is disposed. */
export function holdAt(path: string, folder: HeldFolder): Disposable {
  const key = resolve(path)
  const entry = held.get(key) ?? { folder, users: 0 }
  entry.users++
  held.set(key, entry)
  return {
    [Symbol.dispose]: () => {
      if (--entry.users === 0) held.delete(key)
    },
  }
}

/** The path of a file or folder for system calls: in the folder that is held, where one is. */
export function atHeld(path: string): string {
  for (const [key, { folder }] of held) {
    if (path === key) return folder.root
    if (path.startsWith(key) && path[key.length] === sep) return folder.below(path.slice(key.length + 1))
  }
  return path
}
