/** The library's public API. */

export type { DType, Scalar, TypedArray } from './format/dtype.ts'
export { type ErrorCode, NumPackError, type PlainError } from './format/errors.ts'
export type { EntryCodec, PackageVersion } from './format/npkg.ts'
export { getBackendInfo } from './packages/backend-info.ts'
export type { Progress } from './system/progress.ts'
export {
  getPackageInfo,
  openPackage,
  type PackOptions,
  pack,
  type UnpackOptions,
  unpack,
  verifyPackage,
} from './packages/index.ts'
export type { PackageInfo, PackedFileInfo } from './packages/info.ts'
export type { JobOptions } from './packages/run-job.ts'
export type { ZstdBackend } from './packages/zstd.ts'
export type { OpenedPackage, OpenPackageOptions } from './packages/opened-package.ts'
export type { PackageFault, PackageReport, VerifiedFile } from './packages/verify.ts'
export type { ColumnStatistics } from './statistics/column-summary.ts'
export type { Distinct, Statistics, ValueCount } from './statistics/statistics-summary.ts'
export type { Histogram, HistogramOptions } from './statistics/accumulators/histogram.ts'
export type { StatisticsOptions, StatisticsProgress } from './statistics/statistics-options.ts'
export type { Quantile } from './statistics/order-statistics.ts'
export { forceCleanupWindowsHandles } from './system/handles.ts'
export type { BatchOptions, ColumnOptions, LazyArray, WholeOptions } from './storage/lazy-array.ts'
export { type ArrayLike, NDArray, type NestedList, type NumpyModule, type Selected } from './array/ndarray.ts'
export type { ArrayMetadata, StoreMetadata } from './storage/read/describe.ts'
export { type DamagedArray, NumPack, type NumPackOptions } from './storage/numpack.ts'
export { type BackendInfo, memoryUsage } from './system/platform.ts'
export { type ArrayFields, type AxisSelection, type IndexList, type Slice, slice } from './array/selection.ts'
export type { Batch } from './storage/write/batch.ts'
export type { RowSelection } from './storage/write/rows.ts'
export type { WritableArray } from './storage/write/writable.ts'
export type { WritableBatch } from './storage/write/writable-batch.ts'
