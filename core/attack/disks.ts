import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A disk in memory of its own, which goes at the end of a `using` block. */
export interface SmallDisk extends Disposable {
  readonly path: string
  /** Mounts it again to read, or to write. Returns whether the system did so: it doesn't while a file is written to. */
  remount(as: 'ro' | 'rw'): boolean
}

/** Why there can be no such disk here. */
export const NO_DISK = 'a small disk can only be made by root, with mount'

const mount = (...args: string[]): boolean => spawnSync('mount', args).status === 0

/** Mounts a disk of this size in KiB; returns null where the system does not allow it. */
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
      // Lazily: whatever still has a file open there doesn't keep it.
      spawnSync('umount', ['-l', path])
      rmSync(path, { recursive: true, force: true })
    },
  }
}
