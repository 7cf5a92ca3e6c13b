import { Sigma } from 'lucide-react'
import { lazy } from 'react'
import type { ArrayView } from '../../../model/array-views.ts'
import { hasCells, hasColumns } from '../../../model/array-shape.ts'

const load = () => import('./columns-pane.tsx')

export const COLUMNS_VIEW: ArrayView = {
  id: 'columns',
  title: 'Columns',
  icon: Sigma,
  commandTitle: 'Show statistics of the columns',
  key: '4',
  supports: (array, rows) => hasCells(array, rows) && hasColumns(array),
  component: lazy(async () => ({ default: (await load()).ColumnsPane })),
  load,
  isKept: false,
  bar: { hasSlices: true },
}
