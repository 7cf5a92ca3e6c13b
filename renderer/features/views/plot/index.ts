import { ChartLine } from 'lucide-react'
import { lazy } from 'react'
import type { ArrayView } from '../../../model/array-views.ts'
import { hasCells } from '../../../model/array-shape.ts'

const load = () => import('./plot-pane.tsx')

export const PLOT_VIEW: ArrayView = {
  id: 'plot',
  title: 'Plot',
  icon: ChartLine,
  commandTitle: 'Show as a plot',
  key: '2',
  supports: hasCells,
  component: lazy(async () => ({ default: (await load()).PlotPane })),
  load,
  isKept: false,
  bar: { hasSlices: true },
}
