export { createArraySource } from './array-source.ts'
export { cellText } from './cell-text.ts'
export { Grid } from './grid.tsx'
export type {
  CellPosition,
  CellRange,
  CopyStatus,
  GridHandle,
  GridProps,
  GridSelection,
  GridSource,
  GridWindow,
  ReadReport,
  RowNumbers,
  Span,
} from './types.ts'
