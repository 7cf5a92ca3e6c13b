import { statSync } from 'node:fs'
import { join } from 'node:path'
import { bitmapFileOf } from '../format/names.ts'
import type { ArrayReader } from '../storage/reader.ts'

/** Size and time of change of every file that an array's rows depend on: another text whenever one of them changed. */
export function fingerprintOf(store: string, reader: ArrayReader): string {
  const data = reader.source.parts.map(({ file }) => file.path)
  return [...data, join(store, bitmapFileOf(reader.name))]
    .map(path => {
      const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
      return stat === undefined ? '-' : `${stat.size} ${stat.mtimeNs}`
    })
    .join(', ')
}
