import { Image } from 'lucide-react'
import { lazy } from 'react'
import type { ArrayView } from '../../../model/array-views.ts'
import { hasCells, hasColumns } from '../../../model/array-shape.ts'

const load = () => import('./image-pane.tsx')

export const IMAGE_VIEW: ArrayView = {
  id: 'image',
  title: 'Image',
  icon: Image,
  commandTitle: 'Show as an image',
  key: '3',
  supports: (array, rows) => hasCells(array, rows) && hasColumns(array),
  component: lazy(async () => ({ default: (await load()).ImagePane })),
  load,
  isKept: false,
  bar: { hasSlices: false },
}
