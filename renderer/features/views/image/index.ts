import { lazy } from 'react'
import type { ArrayView } from '../../../model/array-views.ts'
import { hasCells, hasColumns } from '../../../model/array-shape.ts'

/** A slice of an array as a picture. It chooses its slices itself. */
export const IMAGE_VIEW: ArrayView = {
  id: 'image',
  title: 'Image',
  commandTitle: 'Show as an image',
  key: '3',
  supports: (array, rows) => hasCells(array, rows) && hasColumns(array),
  component: lazy(async () => ({ default: (await import('./image-pane.tsx')).ImagePane })),
  isKept: false,
  bar: { hasSlices: false },
}
