import { Table2 } from 'lucide-react'
import type { ArrayView } from '../../../model/array-views.ts'
import { CellControls } from './cell-controls.tsx'
import { ArrayGridView } from './array-grid-view.tsx'
import { RowField } from './row-field.tsx'

export const GRID_VIEW: ArrayView = {
  id: 'grid',
  title: 'Grid',
  icon: Table2,
  commandTitle: 'Show as a grid',
  key: '1',
  supports: () => true,
  component: ArrayGridView,
  isKept: true,
  bar: { hasSlices: true, start: RowField, end: CellControls },
}
