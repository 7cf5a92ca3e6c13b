export { createArraySource } from './array-source.ts'
export { Grid } from './grid.tsx'
export type {
  CellPosition,
  CellRange,
  CopyStatus,
  GridHandle,
  GridSelection,
  GridSource,
  ReadReport,
  RowNumbers,
} from './types.ts'
