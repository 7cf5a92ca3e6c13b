import { itemsize, type TypedArray } from '../../format/dtype.ts'
import { elementsOf } from '../../format/elements.ts'
import type { ArrayReader } from '../read/reader.ts'
import { BLOCK_BYTES, simdBlock } from '../../array/ufunc/simd.ts'
import type { InPlaceWriter } from './in-place.ts'

/** Changes elements in place; `first` is the index of the first one among the logical elements, in C order. */
export type BlockWork = (elements: TypedArray, first: number) => void

let isBlockInUse = false

/** Memory in which float loops are fast; nested edits use other memory. */
function blockMemory(): Disposable & { readonly bytes: Uint8Array } {
  if (isBlockInUse) return { bytes: new Uint8Array(BLOCK_BYTES), [Symbol.dispose]: () => {} }
  isBlockInUse = true
  return {
    bytes: simdBlock(),
    [Symbol.dispose]: () => {
      isBlockInUse = false
    },
  }
}

/** Reads the logical rows [start, stop) block by block, calls `work` and writes them back. */
export function eachBlock(
  reader: ArrayReader,
  writer: InPlaceWriter,
  [start, stop]: readonly [number, number],
  work: BlockWork,
): void {
  reader.checkUnchanged()
  const { dtype, rowMap, rowBytes, source } = reader
  if (rowBytes === 0 || stop <= start) return
  const size = itemsize(dtype)
  const wanted = Math.min(BLOCK_BYTES, Math.max(rowBytes * (stop - start), size))
  using memory = blockMemory()
  const bytes = memory.bytes.subarray(0, wanted)
  const elements = elementsOf(dtype, bytes)
  const components = elements.length / (bytes.length / size)
  /** Changes bytes [from, to) of active rows; `first` is the index of their first element. */
  const changeBytes = (from: number, to: number, first: number): void => {
    for (let at = from; at < to; at += bytes.length) {
      const length = Math.min(bytes.length, to - at)
      source.read(bytes, 0, length, at)
      work(elements.subarray(0, (length / size) * components), first + (at - from) / size)
      writer.write(bytes.subarray(0, length), at)
    }
  }
  if (rowMap === null) {
    changeBytes(start * rowBytes, stop * rowBytes, 0)
    return
  }
  const rowSize = rowBytes / size
  const rowsPerBlock = Math.floor(bytes.length / rowBytes)
  const gathered = elementsOf(dtype, new Uint8Array(bytes.length))
  const lastRow = rowMap.selectActive(stop - 1) + 1
  let logical = start
  for (let row = rowMap.selectActive(start); row < lastRow; row = rowMap.nextActive(row)) {
    const runStop = Math.min(rowMap.nextDeleted(row), lastRow)
    if (runStop - row >= rowsPerBlock || rowsPerBlock < 2) {
      changeBytes(row * rowBytes, runStop * rowBytes, (logical - start) * rowSize)
      logical += runStop - row
      row = runStop
      continue
    }
    row = changeScattered(row)
  }

  /** Changes the active rows in a range that fits a block, and leaves the deleted rows between them. */
  function changeScattered(row: number): number {
    const end = Math.min(row + rowsPerBlock, lastRow)
    const length = (end - row) * rowBytes
    source.read(bytes, 0, length, row * rowBytes)
    const rowLength = rowSize * components
    const runs: [number, number][] = []
    let count = 0
    for (let from = row; from < end && from < (rowMap?.rows ?? 0); ) {
      const to = Math.min(rowMap?.nextDeleted(from) ?? end, end)
      if (to > from) {
        const run = elements.subarray((from - row) * rowLength, (to - row) * rowLength)
        ;(gathered as Float64Array).set(run as Float64Array, count * rowLength)
        runs.push([from, to])
        count += to - from
      }
      from = rowMap?.nextActive(to) ?? end
    }
    work(gathered.subarray(0, count * rowLength), (logical - start) * rowSize)
    let done = 0
    for (const [from, to] of runs) {
      const run = gathered.subarray(done * rowLength, (done + to - from) * rowLength)
      ;(elements as Float64Array).set(run as Float64Array, (from - row) * rowLength)
      done += to - from
    }
    writer.write(bytes.subarray(0, length), row * rowBytes)
    logical += count
    return end
  }
}
