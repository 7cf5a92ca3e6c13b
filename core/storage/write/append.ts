import { basename, dirname, join } from 'node:path'
import { itemsize } from '../../format/dtype.ts'
import { NumPackError } from '../../format/errors.ts'
import { isDataFile, isSegmentList, segmentsFolderOf } from '../../format/names.ts'
import type { Segment } from '../../format/segments.ts'
import { bytesInUse } from '../read/array.ts'
import { accessLike } from '../read/access-like.ts'
import { makeSubfolder, OutputFile, syncHeld } from '../../system/files.ts'
import { pathInside } from '../../system/entry-name.ts'
import { findFile } from '../read/folder.ts'
import { sizeOf } from '../../array/indexing.ts'
import type { ArrayLike } from '../../array/ndarray.ts'
import { isLink } from '../../system/plain-file.ts'
import type { SourcePart } from '../read/source.ts'
import type { Store } from '../read/store.ts'
import { checkRowsFit, type WriteTarget, findWriteTarget } from './write-target.ts'
import { EditableBitmap } from './bitmap.ts'
import { attempt } from './file-backup.ts'
import { bytesToWrite, entriesOf, namesOf, toNDArray } from './input.ts'
import { freeDataFile } from './names.ts'
import { filesOf } from './data-files.ts'
import { heldFolderOf, ownFiles } from './own-files.ts'
import { newRecord } from './save.ts'
import { commit, newFile, type NewRecord, type Writing, writing } from './transaction.ts'

/** NumPack begins a new segment at this size (docs/format.md 1.3). */
const SEGMENT_BYTES = 268_435_456

interface Addition {
  readonly target: WriteTarget
  readonly record: NewRecord
  readonly bitmap: Uint8Array | null
  readonly created: readonly string[]
  readonly obsoleteFiles: readonly string[]
  write(): void
}

/** Appends rows to all of the arrays or to none. Checks all before it writes. */
export function append(store: Store, arrays: Readonly<Record<string, ArrayLike>>): void {
  const entries = entriesOf(arrays)
  if (entries.length === 0) return
  writing(store, namesOf(entries), session => {
    const given = entries.map(([name, value]) => {
      const target = findWriteTarget(session, name)
      const array = toNDArray(value, target.reader.dtype)
      checkRowsFit(target.reader, array, 'Rows for')
      return { target, bytes: bytesToWrite(array), rows: array.shape[0] as number }
    })
    const additions = given
      .filter(({ rows }) => rows > 0)
      .map(({ target, bytes, rows }) => additionOf(session, target, rows, bytes))
    if (additions.length === 0) return
    const bitmaps = additions.flatMap(({ target, bitmap }) =>
      bitmap === null ? [] : [[target.reader.name, bitmap] as const],
    )
    commit(
      session,
      {
        records: new Map(additions.map(({ target, record }) => [target.reader.name, record])),
        bitmaps: new Map(bitmaps),
        created: additions.flatMap(({ created }) => created),
        obsoleteFiles: additions.flatMap(({ obsoleteFiles }) => obsoleteFiles),
      },
      () => {
        for (const addition of additions) addition.write()
      },
    )
  })
}

function additionOf(session: Writing, target: WriteTarget, rows: number, bytes: Uint8Array): Addition {
  const { reader, record } = target
  const { name, dtype, physicalShape, physicalRows, rowMap } = reader
  const shape = [physicalRows + rows, ...physicalShape.slice(1)]
  const bitmap = rowMap === null ? null : new EditableBitmap(reader, physicalRows + rows).encode()
  const size = sizeOf(shape) * itemsize(dtype)
  if (isSegmentList(record.dataFile)) return segmentedAddition(session, target, shape, rows, bytes, bitmap)
  const [part] = reader.source.parts as [SourcePart]
  ownFiles(session.store.folder, [part])
  checkLastInFile(session, name, part)
  return {
    target,
    record: newRecord(name, dtype, shape, record.dataFile, size),
    bitmap,
    created: [],
    obsoleteFiles: [],
    write: () => writeBehind(part, bytes),
  }
}

/** Throws `DAMAGED` if an append would overwrite rows of another array in the same file. */
function checkLastInFile({ store }: Writing, name: string, part: SourcePart): void {
  if (!store.index.mayBeShared(part.name) || (bytesInUse(store.folder).get(part.name) ?? 0) <= part.bytes) return
  throw new NumPackError(
    'DAMAGED',
    `array '${name}' can't be appended to: another array has rows in the same file, ${part.file.path}, behind its own. ` +
      'Load it and save it under a new name.',
    { array: name, path: part.file.path },
  )
}

/** Truncates what an interrupted append left behind the last row. */
function writeBehind(part: SourcePart, bytes: Uint8Array): void {
  using file = OutputFile.change(part.file.path, part.file.identity)
  try {
    file.resize(part.bytes)
    file.write(bytes, part.bytes)
    file.sync()
  } catch (error) {
    // Best effort: readers ignore bytes behind the last row, and the next append truncates them.
    attempt(() => file.resize(part.bytes))
    throw error
  }
}

/** The grown segment list is a new file, so that the commit of the record switches to it. */
function segmentedAddition(
  session: Writing,
  target: WriteTarget,
  shape: readonly number[],
  rows: number,
  bytes: Uint8Array,
  bitmap: Uint8Array | null,
): Addition {
  const { folder, store } = session
  const { reader, record } = target
  const { name, dtype, rowBytes } = reader
  const [listFile, ...segmentFiles] = filesOf(store, record)
  const perSegment = Math.max(1, Math.floor(SEGMENT_BYTES / Math.max(1, rowBytes)))
  const segments: Segment[] = reader.source.parts
    .slice(0, segmentFiles.length)
    .map(part => ({ file: part.name, rows: part.bytes / Math.max(1, rowBytes), bytes: part.bytes }))
  const last = segments.at(-1)
  const room = last === undefined ? 0 : Math.max(0, Math.min(rows, perSegment - last.rows))
  if (last !== undefined) segments[segments.length - 1] = grown(last, room, rowBytes)
  const grownPart = room > 0 ? reader.source.parts[segments.length - 1] : undefined
  if (grownPart !== undefined) {
    ownFiles(store.folder, [grownPart])
    checkLastInFile(session, name, grownPart)
  }
  const created: Segment[] = []
  const parent = last === undefined || !isDataFile(last.file) ? segmentsFolderOf(name) : dirname(last.file)
  for (let left = rows - room, number = segments.length; left > 0; number++) {
    const file = `${parent}/seg_${String(number).padStart(6, '0')}.npkd`
    const { kind } = findFile(store.folder, file)
    if (kind === 'outside') throw isLink(join(folder, parent))
    if (kind !== 'missing') continue
    const count = Math.min(left, perSegment)
    created.push({ file, rows: count, bytes: count * rowBytes })
    left -= count
  }
  const newList = freeDataFile(session, name, 'npkseg')
  return {
    target,
    record: newRecord(name, dtype, shape, newList, sizeOf(shape) * itemsize(dtype)),
    bitmap,
    created: [newList, ...created.map(({ file }) => file)],
    obsoleteFiles: listFile === undefined ? [] : [listFile],
    write: () => {
      let done = room * rowBytes
      if (grownPart !== undefined) writeBehind(grownPart, bytes.subarray(0, done))
      if (created.length > 0) {
        makeSubfolder(pathInside(folder, parent))
        using held = heldFolderOf(folder, created[0]?.file ?? '')
        const access = accessLike(store.folder, ...segmentFiles.slice(-1), record.dataFile)
        for (const segment of created) {
          using file = OutputFile.create(pathInside(folder, segment.file), access, held.at(basename(segment.file)))
          session.made.push(segment.file)
          file.write(bytes.subarray(done, (done += segment.bytes)), 0)
          file.sync()
        }
        syncHeld(held)
      }
      using list = newFile(session, newList, name)
      list.write(Buffer.from(JSON.stringify({ version: 1, segments: [...segments, ...created] }, null, 2)), 0)
      list.sync()
    },
  }
}

const grown = (segment: Segment, rows: number, rowBytes: number): Segment => ({
  ...segment,
  rows: segment.rows + rows,
  bytes: segment.bytes + rows * rowBytes,
})
