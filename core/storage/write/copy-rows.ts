import { elementsOf } from '../../format/elements.ts'
import type { OutputFile } from '../../system/files.ts'
import type { ArrayReader } from '../read/reader.ts'
import type { DataSource } from '../read/source.ts'

export const BUFFER_BYTES = 4 * 2 ** 20

/** Copies the active rows to the beginning of a new file, which gets their length. */
export function copyRows(reader: ArrayReader, file: OutputFile): void {
  const { rowMap, rowBytes, physicalRows, activeRows } = reader
  if (rowBytes === 0 || activeRows === 0) return
  reader.checkUnchanged()
  const buffer = new Uint8Array(Math.min(BUFFER_BYTES, activeRows * rowBytes))
  if (rowMap === null) copyBytes(reader.source, file, buffer, 0, physicalRows * rowBytes, 0)
  else if (rowBytes > buffer.length / 16) copyRuns(reader, file, buffer)
  else copyBlocks(reader, file, buffer)
  file.resize(activeRows * rowBytes)
}

/** Copies the bytes [start, stop) to `position` of a new file. Leaves holes for zeros. */
export function copyBytes(
  source: Pick<DataSource, 'read'>,
  file: OutputFile,
  buffer: Uint8Array,
  start: number,
  stop: number,
  position: number,
): void {
  for (let at = start; at < stop; at += buffer.length) {
    const length = Math.min(buffer.length, stop - at)
    source.read(buffer, 0, length, at)
    file.writeSparse(buffer.subarray(0, length), position + at - start)
  }
}

/** For long rows: copies each run of active rows. */
function copyRuns(reader: ArrayReader, file: OutputFile, buffer: Uint8Array): void {
  const { rowMap, rowBytes, physicalRows } = reader
  if (rowMap === null) return
  let position = 0
  for (let start = rowMap.nextActive(0); start < physicalRows; ) {
    const stop = rowMap.nextDeleted(start)
    copyBytes(reader.source, file, buffer, start * rowBytes, stop * rowBytes, position)
    position += (stop - start) * rowBytes
    start = stop < physicalRows ? rowMap.nextActive(stop) : physicalRows
  }
}

/** For short rows: gathers many at a time. */
function copyBlocks(reader: ArrayReader, file: OutputFile, buffer: Uint8Array): void {
  const { dtype, rowBytes, activeRows } = reader
  const rows = Math.floor(buffer.length / rowBytes)
  for (let start = 0; start < activeRows; start += rows) {
    const stop = Math.min(activeRows, start + rows)
    const bytes = buffer.subarray(0, (stop - start) * rowBytes)
    reader.readRows(start, stop, elementsOf(dtype, bytes))
    file.writeSparse(bytes, start * rowBytes)
  }
}
