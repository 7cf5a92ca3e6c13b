import { removeFolder } from '../../test-support/remove-folder.ts'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { STORES } from '../../test-support/fixture-stores.ts'
import { HOLDER_FILE, LOCK_FILE } from '../../format/names.ts'
import type { Control } from '../control.ts'

const sample = fileURLToPath(new URL('../../../assets/sample.npk', import.meta.url))

export const storePath = (name: string): string => (name === 'library.npk' ? sample : join(STORES, name))

export class CountingControl implements Control {
  done = 0
  total = 0
  checks = 0
  readonly onCheck: (checks: number) => void

  constructor(onCheck: (checks: number) => void = () => {}) {
    this.onCheck = onCheck
  }

  readonly check = (): void => this.onCheck(++this.checks)

  readonly addTotal = (bytes: number): void => {
    this.total += bytes
  }

  readonly advance = (bytes: number): void => {
    this.done += bytes
  }

  readonly report = (): void => {}
}

export function scratch(root = tmpdir()): Disposable & { readonly path: string; file: (name: string) => string } {
  const path = mkdtempSync(join(root, 'numpack-packages-'))
  return {
    path,
    file: name => join(path, name),
    [Symbol.dispose]: () => removeFolder(path),
  }
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

export function treeOf(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {}
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    file => basename(file) !== LOCK_FILE && basename(file) !== HOLDER_FILE && statSync(join(folder, file)).isFile(),
  )
  return Object.fromEntries(files.sort().map(file => [file, sha256(readFileSync(join(folder, file)))]))
}
