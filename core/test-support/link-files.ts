import { mkdirSync, readdirSync, renameSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

/** Moves each file of a store into `elsewhere` and leaves a symbolic link to it, as git-annex and DVC do. */
export function linkFiles(store: string, elsewhere: string, isMoved: (name: string) => boolean = () => true): void {
  mkdirSync(elsewhere, { recursive: true })
  const files = readdirSync(store, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  for (const { parentPath, name } of files.filter(entry => isMoved(entry.name))) {
    renameSync(join(parentPath, name), join(elsewhere, name))
    symlinkSync(join(elsewhere, name), join(parentPath, name))
  }
}
