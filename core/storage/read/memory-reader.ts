import { bytesOf } from '../../format/elements.ts'
import type { NDArray } from '../../array/ndarray.ts'
import { ArrayReader } from './reader.ts'
import { DataSource, type ReadableFile } from './source.ts'

/** Reads an array in memory as if it were on disk: what a batch holds looks to its readers like the store. */
export class MemoryReader extends ArrayReader {
  constructor(name: string, array: NDArray) {
    const bytes = bytesOf(array.data)
    const file: ReadableFile = {
      path: '',
      identity: { dev: 0, ino: 0, birthtimeMs: 0 },
      read: (target, offset, length, position) => {
        const view = new Uint8Array(target.buffer, target.byteOffset, target.byteLength)
        view.set(bytes.subarray(position, position + length), offset)
      },
      close: () => {},
    }
    super({
      name,
      dtype: array.dtype,
      shape: array.shape,
      physicalShape: array.shape,
      rowMap: null,
      source: new DataSource([{ file, name: '', start: 0, bytes: bytes.length }]),
      generation: 0,
    })
  }

  /** Memory is what it is. */
  override checkUnchanged(): void {}
}
