import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { bitmapFileOf, staysInside } from '../../format/names.ts'
import { findFile } from '../../storage/read/folder.ts'
import { statIfThere } from '../../system/file-stat.ts'
import { isOpenForWriting } from '../../system/open-for-writing.ts'
import type { ArrayReader } from '../../storage/read/reader.ts'
import type { Store } from '../../storage/read/store.ts'
import { filesOf } from '../../storage/write/data-files.ts'
import type { ArrayFile } from '../contract/types.ts'

export function arrayFiles(store: Store, array: string): ArrayFile[] {
  const lookAt = (name: string): ArrayFile => {
    const found = staysInside(name) ? findFile(store.folder, name) : null
    return { name, sizeBytes: found?.kind === 'file' ? found.stat.size : null }
  }
  const data = filesOf(store, store.record(array)).map(lookAt)
  const bitmap = lookAt(bitmapFileOf(array))
  return bitmap.sizeBytes === null ? data : [...data, bitmap]
}

export const dataPaths = (reader: ArrayReader): string[] => reader.source.parts.map(({ file }) => file.path)

/**
 * Changes when a file of the array does, also across restarts, which may change device numbers. Every text is new while
 * another process has such a file open for writing, because times then say too little.
 */
export function fingerprintOf(store: string, reader: ArrayReader): string {
  const paths = [...dataPaths(reader), join(store, bitmapFileOf(reader.name))]
  if (isOpenForWriting(paths)) return `open for writing ${randomUUID()}`
  return paths
    .map(path => {
      const stat = statIfThere(path)
      return stat === undefined ? '-' : `${stat.size} ${stat.mtimeNs}`
    })
    .join(', ')
}
