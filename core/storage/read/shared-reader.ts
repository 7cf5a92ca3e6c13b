import type { DType } from '../../format/dtype.ts'
import { type FileIdentity, identityOf } from '../../system/file-stat.ts'
import { handles, PooledFile } from '../../system/handles.ts'
import { ArrayReader } from './reader.ts'
import { RowMap } from '../../array/rowmap.ts'
import { DataSource, type ReadableFile, type SourcePart } from './source.ts'

/** An array as data for another thread. */
export interface SharedReader {
  readonly name: string
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly physicalShape: readonly number[]
  /** In shared memory; null if no row is deleted. */
  readonly words: Uint32Array | null
  readonly parts: readonly SharedPart[]
}

interface SharedPart {
  readonly path: string
  readonly identity: FileIdentity
  readonly offset: number
  readonly name: string
  readonly start: number
  readonly bytes: number
}

/** Returns null if the array's bytes are not plain files. */
export function shareReader(reader: ArrayReader): SharedReader | null {
  const parts: SharedPart[] = []
  for (const { file, name, start, bytes } of reader.source.parts) {
    if (file.offset === undefined) return null
    parts.push({ path: file.path, identity: identityOf(file.identity), offset: file.offset, name, start, bytes })
  }
  const { name, dtype, shape, physicalShape, rowMap } = reader
  return { name, dtype, shape, physicalShape, words: rowMap === null ? null : sharedWords(rowMap), parts }
}

function sharedWords({ words }: RowMap): Uint32Array {
  const shared = new Uint32Array(new SharedArrayBuffer(words.byteLength))
  shared.set(words)
  return shared
}

export function openShared({ words, parts, ...array }: SharedReader): ArrayReader {
  const [first, ...rest] = parts.map(
    ({ path, identity, offset, name, start, bytes }): SourcePart => ({
      file: fileAt(new PooledFile(handles, path, identity), offset),
      name,
      start,
      bytes,
    }),
  ) as [SourcePart, ...SourcePart[]]
  const rows = array.physicalShape[0] ?? 1
  return new ArrayReader({
    ...array,
    rowMap: words === null ? null : new RowMap(words, rows),
    source: new DataSource([first, ...rest]),
    generation: 0,
  })
}

const fileAt = (file: PooledFile, offset: number): ReadableFile => ({
  path: file.path,
  identity: file.identity,
  read: (target, at, length, position) => file.read(target, at, length, offset + position),
  close: () => file.close(),
})
