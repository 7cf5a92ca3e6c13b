import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export function run(example: (folder: string) => unknown): void {
  const folder = mkdtempSync(join(tmpdir(), 'numpack-example-'))
  try {
    console.log(example(folder))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
