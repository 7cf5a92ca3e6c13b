/** The library's public API. */

export type { DType, Scalar, TypedArray } from './format/dtype.ts'
export { type ErrorCode, NumPackError } from './format/errors.ts'
export { forceCleanupWindowsHandles } from './storage/handles.ts'
export type { BatchOptions, LazyArray } from './storage/lazy.ts'
export { type ArrayLike, NDArray, type NestedList, type NumpyModule } from './storage/ndarray.ts'
export {
  type ArrayMetadata,
  type DamagedArray,
  NumPack,
  type NumPackOptions,
  type StoreMetadata,
} from './storage/numpack.ts'
export { type ArrayFields, type AxisSelection, type IndexList, type Slice, slice } from './storage/selection.ts'
