import { bytesOf } from '../../format/elements.ts'
import type { NDArray } from '../../array/ndarray.ts'
import type { RowMap } from '../../array/rowmap.ts'
import { ArrayReader } from './reader.ts'
import { DataSource, type ReadableFile } from './source.ts'

/** Reads an array in memory as one on disk; without a row map all its rows are active. */
export class MemoryReader extends ArrayReader {
  constructor(name: string, array: NDArray, rowMap: RowMap | null = null) {
    const bytes = bytesOf(array.data)
    const file: ReadableFile = {
      path: '',
      identity: { dev: 0n, ino: 0n },
      read: (target, offset, length, position) => {
        const view = new Uint8Array(target.buffer, target.byteOffset, target.byteLength)
        view.set(bytes.subarray(position, position + length), offset)
      },
      close: () => {},
    }
    super({
      name,
      dtype: array.dtype,
      shape: rowMap === null ? array.shape : [rowMap.activeRows, ...array.shape.slice(1)],
      physicalShape: array.shape,
      rowMap,
      source: new DataSource([{ file, name: '', start: 0, bytes: bytes.length }]),
      generation: 0,
    })
  }

  override checkUnchanged(): void {}
}
