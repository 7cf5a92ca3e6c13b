import { removeFolder } from '../test-support/remove-folder.ts'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface SmallDisk extends Disposable {
  readonly path: string
  /** Returns false if the system refuses, as it does while a file is being written. */
  remount(as: 'ro' | 'rw'): boolean
}

export const NO_DISK = 'a small disk can only be made by root, with mount'

const mount = (...args: string[]): boolean => spawnSync('mount', args).status === 0

/** Mounts a disk of this size in KiB; returns null if the system does not allow it. */
export function mountDisk(kibibytes: number): SmallDisk | null {
  const path = mkdtempSync(join(tmpdir(), 'numpack-disk-'))
  if (!mount('-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'none', path)) {
    rmSync(path, { recursive: true })
    return null
  }
  return {
    path,
    remount: as => mount('-o', `remount,${as}`, path),
    [Symbol.dispose]: () => {
      // Unmounts lazily, so that open files do not block it.
      spawnSync('umount', ['-l', path])
      removeFolder(path)
    },
  }
}
