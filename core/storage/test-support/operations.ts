import { NDArray } from '../../array/ndarray.ts'
import { NumPack } from '../numpack.ts'
import { slice } from '../../array/selection.ts'

/** Writes the store that `OPERATIONS` change: `a` and `c` have deleted rows, `b` has none. */
export function writeSample(path: string): void {
  using npk = NumPack.open(path)
  const a = NDArray.from(
    Float32Array.from({ length: 300 }, (_, i) => i),
    { shape: [100, 3] },
  )
  npk.save({ a, b: [1, 2, 3], c: [5] })
  npk.drop('a', slice(0, 70, 3))
  npk.drop('c')
}

export const OPERATIONS: Readonly<Record<string, (npk: NumPack) => void>> = {
  'save new arrays': npk => npk.save({ x: [1, 2], y: [[1]] }),
  'save over arrays': npk => npk.save({ a: [1, 2, 3], b: [9n] }),
  'save over deleted rows, as many rows': npk => npk.save({ a: NDArray.zeros([100, 3], 'float32') }),
  append: npk => npk.append({ b: [4, 5] }),
  'append to deleted rows': npk => npk.append({ a: NDArray.zeros([30, 3], 'float32'), b: [7] }),
  replace: npk => npk.replace({ a: NDArray.zeros([20, 3], 'float32') }, slice(5, 25)),
  drop: npk => void npk.drop('a', [1, 2]),
  'drop the first time': npk => void npk.drop('b', [0]),
  'drop several': npk => void npk.drop(['a', 'b']),
  restore: npk => void npk.restore('a'),
  'restore some': npk => void npk.restore('a', [0, 3]),
  update: npk => npk.update('a'),
  clone: npk => npk.clone('a', 'k'),
  remove: npk => npk.remove('a'),
  reset: npk => npk.reset(),
  batch: npk =>
    npk.batchMode(() => {
      npk.append({ b: [1] })
      npk.drop('a', [0])
      npk.remove('c')
    }),
}

export function contentOf(path: string, readOnly = true): string {
  using npk = NumPack.open(path, { readOnly })
  const arrays = npk.getMemberList().map(name => {
    const { dtype, shape, data } = npk.load(name)
    return [name, dtype, shape, Array.from(data as Float64Array, String)]
  })
  return JSON.stringify(arrays)
}
