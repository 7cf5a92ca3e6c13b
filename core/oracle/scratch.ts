import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export function scratchFolder(root: string = tmpdir()): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(root, 'numpack-oracle-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
