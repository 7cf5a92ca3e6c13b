import { removeFolder } from '../test-support/remove-folder.ts'
import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NDArray } from '../array/ndarray.ts'
import { bytesOf } from '../oracle/arrays.ts'

const CANARY_TEXT = 'belongs to somebody else'

const FILES = ['secret.npkd', 'data_a.npkd', 'a.npkb', 'id_rsa', 'metadata.npkm', join('deep', 'thesis.docx')]

/** A file that a store may contain as a hard link: it can then read the file, but must not change it. */
const LINKED = 'linked.npkd'

/** Another user's files beside the attacked store. Nothing may touch, move, link or remove them. */
export class Canary {
  readonly folder: string
  #before: string

  constructor(folder: string) {
    this.folder = folder
    this.#before = this.#make()
  }

  check(): void {
    const now = this.#describe()
    if (now === this.#before) return
    const before = new Set(this.#before.split('\n'))
    const changes = now.split('\n').filter(line => !before.has(line))
    this.restore()
    throw new Error(`files outside were touched: ${changes.join('; ').slice(0, 500) || 'some are gone'}`)
  }

  restore(): void {
    removeFolder(this.folder)
    this.#before = this.#make()
  }

  #make(): string {
    mkdirSync(join(this.folder, 'deep'), { recursive: true })
    for (const name of FILES) writeFileSync(join(this.folder, name), `${name} ${CANARY_TEXT}. `.repeat(60))
    writeFileSync(join(this.folder, LINKED), new Uint8Array(2400))
    return this.#describe()
  }

  #describe(): string {
    if (!lstatSync(this.folder, { throwIfNoEntry: false })?.isDirectory()) return ''
    const files = readdirSync(this.folder, { recursive: true, encoding: 'utf8' }).sort()
    return files
      .map(file => {
        const path = join(this.folder, file)
        const stat = lstatSync(path)
        const content = stat.isFile() ? readFileSync(path, 'latin1') : ''
        return [file, stat.ino, stat.mode, stat.size, stat.mtimeMs, content].join(' ')
      })
      .join('\n')
  }
}

export function checkIsOwnContent(name: string, array: NDArray): void {
  if (bytesOf(array).includes(CANARY_TEXT)) throw new Error(`'${name}' holds a file outside`)
}
