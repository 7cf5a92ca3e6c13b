import { cpSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { verifyPackage } from '../../core/packages/index.ts'
import { NumPack } from '../../core/storage/numpack.ts'
import { removeFolder } from '../../core/test-support/remove-folder.ts'
import { type HolderMode, holdFile, MODES } from './holder.ts'
import type { Refusal } from './operation-thread.ts'
import type { OperationThreads } from './operation-threads.ts'
import { BEFORE, type Operation, OPERATIONS, PACKAGE, STORE } from './operations.ts'

interface StoreFile {
  readonly kind: string
  readonly file: string
  /** The array that it belongs to. */
  readonly array: string
  /** An empty file can't be mapped. */
  readonly isEmpty?: true
}

/** Every kind of file of a store. */
const FILES: readonly StoreFile[] = [
  { kind: 'metadata', file: join(STORE, 'metadata.npkm'), array: 'whole' },
  { kind: 'data', file: join(STORE, 'data_whole.npkd'), array: 'whole' },
  { kind: 'deleted rows', file: join(STORE, 'deleted_whole.npkb'), array: 'whole' },
  { kind: 'list of segments', file: join(STORE, 'data_segmented.npkseg'), array: 'segmented' },
  { kind: 'segment', file: join(STORE, 'data_segmented_segments', 'seg_000001.npkd'), array: 'segmented' },
  { kind: 'lock', file: join(STORE, '.numpack.lock'), array: 'whole', isEmpty: true },
  { kind: 'package', file: PACKAGE, array: 'whole' },
]

/** Returns the files that an operation may touch. */
export const filesFor = ({ isPacking }: Operation): readonly StoreFile[] =>
  FILES.filter(({ kind }) => (isPacking === true ? kind !== 'lock' : kind !== 'package'))

export const modesFor = ({ isEmpty }: StoreFile): HolderMode[] =>
  MODES.filter(mode => isEmpty !== true || !mode.endsWith('+map'))

export interface HeldOperation {
  readonly operation: Operation
  readonly file: StoreFile
  readonly mode: HolderMode
  /** Seconds after which the holder lets go; by default, not before the operation has ended. */
  readonly seconds?: number
}

/** How an operation ended: 'done', 'refused', 'refused, but done', or what is wrong with its end. */
export type Ending = string

/** Does an operation in a copy of the template while another program has one of its files open. */
export async function operateBesideHolder(
  template: string,
  threads: OperationThreads,
  { operation, file: { file, array }, mode, seconds }: HeldOperation,
): Promise<Ending> {
  const folder = mkdtempSync(join(tmpdir(), 'held-'))
  try {
    cpSync(template, folder, { recursive: true })
    const refusal = await operate()
    const rows = rowsOf(folder, array)
    const { fault } = await verifyIfPackage(join(folder, file))
    // The next writer finds a store that it can write to, and every program reads the same from it then.
    NumPack.with(join(folder, STORE), npk => npk.save({ next: [1] }))
    const later = rowsOf(folder, array)
    if (fault !== null) return `the package is damaged: ${fault.message}`
    if (!isDeepStrictEqual(rows, later)) return `${String(rows)} became ${String(later)} with the next writer`
    return endingOf(refusal, rows, operation, file)
  } finally {
    removeFolder(folder)
  }

  async function operate(): Promise<Refusal> {
    const holder = await holdFile(join(folder, file), mode, seconds)
    try {
      return await threads.run({ operation: operation.name, place: { folder, array } })
    } finally {
      await holder[Symbol.asyncDispose]()
    }
  }
}

const verifyIfPackage = async (path: string): Promise<{ fault: { message: string } | null }> =>
  path.endsWith('.npkg') ? verifyPackage(path) : { fault: null }

const rowsOf = (folder: string, array: string): number[] | null =>
  NumPack.with(join(folder, STORE), { readOnly: true }, npk =>
    npk.hasArray(array) ? (npk.load(array).toList() as number[]) : null,
  )

function endingOf(refusal: Refusal, rows: readonly number[] | null, operation: Operation, file: string): Ending {
  const { after, isInPlace } = operation
  const isDone = isDeepStrictEqual(rows, after)
  const isAsBefore = isDeepStrictEqual(rows, BEFORE)
  if (refusal === null) return isDone ? 'done' : `done, but there is ${String(rows)}`
  const { message } = refusal
  if (!message.includes('another program has it open') || !message.includes(basename(file)))
    return `unclear: ${message}`
  if (isAsBefore) return 'refused'
  if (isDone) return 'refused, but done'
  return isInPlace === true ? 'refused, done in part' : `${String(rows)} is left: ${message}`
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

/** Formats endings as a table in Markdown: a row for each operation and kind of file, a column for each mode. */
export function tableOf(endings: ReadonlyMap<string, Ending>): string {
  const rows = OPERATIONS.flatMap(operation =>
    filesFor(operation).map(({ kind }) => [
      operation.name,
      kind,
      ...MODES.map(mode => endings.get(`${operation.name}, ${kind}, ${mode}`) ?? ''),
    ]),
  )
  const head = ['Operation', 'File', ...MODES]
  return [head, head.map(() => '---'), ...rows].map(line).join('\n')
}
