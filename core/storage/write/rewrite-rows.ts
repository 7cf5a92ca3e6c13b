import type { OutputFile } from '../../system/files.ts'
import type { LoggedRows } from '../read/write-log.ts'
import { BUFFER_BYTES, copyBytes } from './copy-rows.ts'
import { filesOf } from './data-files.ts'
import { freeDataFile } from './names.ts'
import { newRecord } from './save.ts'
import { commit, newFile, type Writing } from './transaction.ts'

/** Writes new data files when a write log would be too large. Keeps deleted rows. */
export function rewriteRows(session: Writing, replaced: readonly LoggedRows[]): void {
  const { store } = session
  const rewritten = replaced.map(rows => {
    const { dtype, physicalShape, physicalRows, rowBytes, source } = store.reader(rows.name)
    const file = freeDataFile(session, rows.name)
    const bytes = physicalRows * rowBytes
    return { rows, source, file, bytes, record: newRecord(rows.name, dtype, physicalShape, file, bytes) }
  })
  commit(
    session,
    {
      records: new Map(rewritten.map(({ rows, record }) => [rows.name, record])),
      created: rewritten.map(({ file }) => file),
      obsoleteFiles: rewritten.flatMap(({ rows }) => filesOf(store, store.record(rows.name))),
    },
    () => {
      for (const { rows, source, file, bytes } of rewritten) {
        using output = newFile(session, file, rows.name)
        const buffer = new Uint8Array(Math.min(BUFFER_BYTES, bytes))
        copyBytes(source, output, buffer, 0, bytes, 0)
        output.resize(bytes)
        writeRows(output, rows)
        output.sync()
      }
    },
  )
}

function writeRows(output: OutputFile, { positions, lengths, data }: LoggedRows): void {
  let from = 0
  for (const [run, position] of positions.entries()) {
    const length = lengths[run] as number
    output.write(data.subarray(from, from + length), position)
    from += length
  }
}
