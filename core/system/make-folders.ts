import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { isErrno } from './io-error.ts'

export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

/**
 * Returns the folders it made, outermost first. Node's `recursive` never ends where a system says ENOENT though the
 * parent is there, as /proc does.
 */
export function makeFolders(path: string, make: (folder: string) => void = mkdirSync): string[] {
  const missing: string[] = []
  for (let folder = path; !existsSync(folder); folder = dirname(folder)) {
    missing.unshift(folder)
    if (dirname(folder) === folder) break
  }
  return (missing.length > 0 ? missing : [path]).filter(folder => {
    try {
      make(folder)
      return true
    } catch (error) {
      if (!isErrno(error, 'EEXIST') || !isFolder(folder)) throw error
      return false
    }
  })
}
