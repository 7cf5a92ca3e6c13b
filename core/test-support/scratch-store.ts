import { removeFolder } from './remove-folder.ts'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeBitmap } from '../format/bitmap.ts'
import type { DType } from '../format/dtype.ts'
import { encodeMetadata } from '../format/metadata.ts'
import { bitmapFileOf, METADATA_FILE } from '../format/names.ts'

export interface ScratchArray {
  readonly name: string
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly data: ArrayBufferView
  readonly deleted?: readonly number[]
  readonly segments?: readonly number[]
}

export class ScratchStore {
  readonly #folder = mkdtempSync(join(tmpdir(), 'numpack-'))
  readonly path = join(this.#folder, 'store.npk')

  constructor(...arrays: ScratchArray[]) {
    mkdirSync(this.path)
    this.write(...arrays)
  }

  write(...arrays: ScratchArray[]): void {
    for (const array of arrays) this.#writeArray(array)
    const records = arrays.map(({ name, dtype, shape, data, segments }) => ({
      name,
      dtype,
      shape,
      dataFile: segments ? `data_${name}.npkseg` : `data_${name}.npkd`,
      lastModified: 1_700_000_000_000_000,
      sizeBytes: data.byteLength,
    }))
    writeFileSync(this.file(METADATA_FILE), encodeMetadata(records))
  }

  file(name: string): string {
    return join(this.path, name)
  }

  [Symbol.dispose](): void {
    removeFolder(this.#folder)
  }

  #writeArray({ name, shape, data, deleted, segments }: ScratchArray): void {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    const rows = shape[0] ?? 1
    if (segments === undefined) writeFileSync(this.file(`data_${name}.npkd`), bytes)
    else {
      const folder = `data_${name}_segments`
      mkdirSync(this.file(folder), { recursive: true })
      const rowBytes = bytes.length / rows
      let start = 0
      const list = segments.map((count, i) => {
        const file = `${folder}/seg_${String(i).padStart(6, '0')}.npkd`
        writeFileSync(this.file(file), bytes.subarray(start * rowBytes, (start + count) * rowBytes))
        start += count
        return { file, rows: count, bytes: count * rowBytes }
      })
      writeFileSync(this.file(`data_${name}.npkseg`), JSON.stringify({ version: 1, segments: list }))
    }
    if (deleted !== undefined) {
      writeFileSync(
        this.file(bitmapFileOf(name)),
        encodeBitmap(rows, row => deleted.includes(row)),
      )
    }
  }
}
