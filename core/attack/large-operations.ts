import { NDArray } from '../array/ndarray.ts'
import { NumPack } from '../storage/numpack.ts'
import { slice } from '../array/selection.ts'

/** Writes of some hundred KiB, so that a disk can become full anywhere in them. */

const ROWS = 20_000
const rowsOf = (count: number, value: number): NDArray =>
  NDArray.from(new Float32Array(count * 3).fill(value), { shape: [count, 3] })

export function writeLargeSample(path: string): void {
  using npk = NumPack.open(path)
  npk.save({ a: rowsOf(ROWS, 1), b: rowsOf(ROWS, 2), c: [5] })
  npk.drop('a', slice(0, ROWS, 3))
}

export const LARGE_OPERATIONS: Readonly<Record<string, (npk: NumPack) => void>> = {
  'save new arrays': npk => npk.save({ x: rowsOf(ROWS, 3), y: [[1]] }),
  'save over arrays': npk => npk.save({ a: rowsOf(ROWS, 4), b: rowsOf(10, 4) }),
  append: npk => npk.append({ b: rowsOf(ROWS, 5) }),
  'append to deleted rows': npk => npk.append({ a: rowsOf(ROWS, 6), b: rowsOf(5, 6) }),
  replace: npk => npk.replace({ b: rowsOf(ROWS / 2, 7) }, slice(0, ROWS, 2)),
  drop: npk => void npk.drop('b', slice(0, ROWS, 2)),
  'drop several': npk => void npk.drop(['a', 'b', 'c']),
  restore: npk => void npk.restore('a'),
  update: npk => npk.update('a'),
  clone: npk => npk.clone('b', 'k'),
  remove: npk => npk.remove('a'),
  batch: npk =>
    npk.batchMode(() => {
      npk.append({ b: rowsOf(ROWS, 8) })
      npk.drop('a', [0])
      npk.remove('c')
    }),
}
