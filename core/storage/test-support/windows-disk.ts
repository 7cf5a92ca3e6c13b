import { readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { disk } from '../../system/files.ts'

/**
 * Runs `work` on a disk that refuses what Windows refuses: renaming or removing a folder while a file below it is open,
 * renaming onto an open file, and making symbolic links. Linux only, which shows what this process has open. Folders
 * that the engine holds (HeldFolder) don't count: on Windows it opens none.
 */
export async function onWindowsDisk<T>(work: () => Promise<T> | T): Promise<T> {
  const original = { ...disk }
  Object.assign(disk, {
    rename: (from: string, to: string) => {
      if (statSync(from).isDirectory()) refuseIfOpen(from)
      refuseIfOpen(to)
      original.rename(from, to)
    },
    removeFolder: (path: string) => {
      refuseIfOpen(path)
      original.removeFolder(path)
    },
    symlink: () => {
      throw refused('symbolic links need a privilege')
    },
  } satisfies Partial<typeof disk>)
  try {
    return await work()
  } finally {
    Object.assign(disk, original)
  }
}

/** Lists the files that this process has open at a path or below it. */
export function openFilesBelow(path: string): string[] {
  const real = join(realpathSync(dirname(path)), basename(path))
  return readdirSync('/proc/self/fd').flatMap(fd => {
    try {
      const file = readlinkSync(`/proc/self/fd/${fd}`)
      const isBelow = file === real || file.startsWith(`${real}/`)
      return isBelow && statSync(`/proc/self/fd/${fd}`).isFile() ? [file] : []
    } catch {
      return []
    }
  })
}

function refuseIfOpen(path: string): void {
  const [open] = openFilesBelow(path)
  if (open !== undefined) throw refused(`${open} is open`)
}

const refused = (why: string): Error => Object.assign(new Error(why), { code: 'EPERM' })
