import { dirname, join } from 'node:path'
import { NDArray } from '../../core/array/ndarray.ts'
import { pack, unpack } from '../../core/packages/index.ts'
import { NumPack } from '../../core/storage/numpack.ts'
import { ScratchStore } from '../../core/test-support/scratch-store.ts'

/** What an operation changes. */
export interface Place {
  /** Holds the store, its package, and a package of the store with `CHANGED`. */
  readonly folder: string
  readonly array: string
}

export const STORE = 'store.npk'
export const PACKAGE = 'store.npkg'
const CHANGED_PACKAGE = 'changed.npkg'

/** Rows of both arrays at first. */
export const BEFORE = [11, 12, 13]
const CHANGED = [5, 6]

export interface Operation {
  readonly name: string
  run(place: Place): Promise<void> | void
  /** The rows of the array afterwards, null if it is gone. */
  readonly after: readonly number[] | null
  /** Whether it may be done in part: edits in place are not atomic, for NumPy neither. */
  readonly isInPlace?: boolean
  readonly isPacking?: boolean
}

const rows = (...values: number[]): NDArray => NDArray.from(values, { dtype: 'int32' })

const change = ({ folder }: Place, work: (npk: NumPack) => void): void => NumPack.with(join(folder, STORE), work)

export const OPERATIONS: readonly Operation[] = [
  { name: 'save', run: at => change(at, npk => npk.save({ [at.array]: rows(1, 2) })), after: [1, 2] },
  { name: 'append', run: at => change(at, npk => npk.append({ [at.array]: rows(14) })), after: [11, 12, 13, 14] },
  { name: 'replace', run: at => change(at, npk => npk.replace({ [at.array]: rows(7) }, [1])), after: [11, 7, 13] },
  { name: 'drop', run: at => change(at, npk => npk.drop(at.array, [1])), after: [11, 13] },
  { name: 'update', run: at => change(at, npk => npk.update(at.array)), after: [11, 12, 13] },
  {
    name: 'batch commit',
    run: at =>
      change(at, npk =>
        npk.batchMode(batch => {
          batch.load(at.array)
          batch.save({ [at.array]: rows(...BEFORE.map(value => value * 2)) })
        }),
      ),
    after: [22, 24, 26],
  },
  {
    name: 'edit in place',
    run: at => change(at, npk => npk.writableBatchMode(batch => void batch.load(at.array).imul(2))),
    after: [22, 24, 26],
    isInPlace: true,
  },
  {
    name: 'pack, overwriting',
    run: async ({ folder }) => void (await pack(join(folder, STORE), join(folder, PACKAGE), { overwrite: true })),
    after: BEFORE,
    isPacking: true,
  },
  {
    name: 'unpack, overwriting',
    run: async ({ folder }) =>
      void (await unpack(join(folder, CHANGED_PACKAGE), join(folder, STORE), { overwrite: true })),
    after: CHANGED,
  },
  { name: 'remove', run: at => change(at, npk => npk.remove(at.array)), after: null },
  { name: 'reset', run: at => change(at, npk => npk.reset()), after: null },
]

/** A folder for `Place`, to be copied. */
export interface Template extends Disposable {
  readonly folder: string
}

/** Makes a store with an array in one file, `whole`, and one in segments, `segmented`. Both have a deleted row. */
export async function makeTemplate(): Promise<Template> {
  const array = { dtype: 'int32', shape: [4], data: Int32Array.of(10, ...BEFORE) } as const
  const store = new ScratchStore({ ...array, name: 'whole' }, { ...array, name: 'segmented', segments: [2, 2] })
  const folder = dirname(store.path)
  NumPack.with(store.path, npk => npk.drop(['whole', 'segmented'], [0]))
  await pack(store.path, join(folder, PACKAGE))
  const changed = join(folder, 'changed.npk')
  NumPack.with(changed, npk => npk.save({ whole: rows(...CHANGED), segmented: rows(...CHANGED) }))
  await pack(changed, join(folder, CHANGED_PACKAGE))
  return { folder, [Symbol.dispose]: () => store[Symbol.dispose]() }
}
