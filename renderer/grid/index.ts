export { createArraySource } from './array-source.ts'
export { type CellFormat, formatFor, formatsOf } from './cell-format.ts'
export { Grid } from './grid.tsx'
export { canShade, type Shading } from './shade.ts'
export type {
  CellPosition,
  CellRange,
  CopyStatus,
  GridHandle,
  GridSelection,
  GridSource,
  ReadReport,
  RowNumbers,
} from './grid-types.ts'
