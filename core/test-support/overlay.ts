import { removeFolder } from './remove-folder.ts'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Overlay extends Disposable {
  readonly path: string
}

const mount = (...args: string[]): boolean => spawnSync('mount', args).status === 0

/** Mounts an overlay of what `fill` writes. Returns null if the system does not allow it. */
export function mountOverlay(fill: (lower: string) => void, lowerDisk: 'own' | 'same'): Overlay | null {
  const root = mkdtempSync(join(tmpdir(), 'numpack-overlay-'))
  const [lower, upper, work, path] = ['lower', 'upper', 'work', 'merged'].map(name => join(root, name)) as [
    string,
    string,
    string,
    string,
  ]
  const dispose = (): void => {
    for (const mounted of [path, lower]) spawnSync('umount', ['-l', mounted])
    removeFolder(root)
  }
  for (const folder of [lower, upper, work, path]) mkdirSync(folder)
  if (lowerDisk === 'own' && !mount('-t', 'tmpfs', 'none', lower)) {
    dispose()
    return null
  }
  fill(lower)
  // Without xino, a copied file of another disk gets another identity.
  const options = `lowerdir=${lower},upperdir=${upper},workdir=${work}${lowerDisk === 'own' ? ',xino=off' : ''}`
  if (mount('-t', 'overlay', 'overlay', '-o', options, path)) return { path, [Symbol.dispose]: dispose }
  dispose()
  return null
}

export const NO_OVERLAY = 'only root can mount an overlayfs, on Linux'
