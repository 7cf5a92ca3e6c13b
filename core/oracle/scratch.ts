import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Creates a folder in the temporary or another folder; it is removed at the end of a `using` block. */
export function scratchFolder(root: string = tmpdir()): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(root, 'numpack-oracle-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
