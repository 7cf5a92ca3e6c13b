import { expect, test } from 'vitest'
import type { View } from './types.ts'
import { countedView, rowsInView } from './views.ts'

const VIEWS: readonly View[] = ['active', 'all', 'deleted']
const withDeleted = { shape: [90, 2, 3], physicalShape: [100, 2, 3], deletedRows: 10 }

test('rows of a view', () => {
  expect(VIEWS.map(view => rowsInView(withDeleted, view))).toEqual([90, 100, 10])
})

test('figures count deleted rows only where these are looked at alone', () => {
  expect(VIEWS.map(view => countedView(view))).toEqual(['active', 'active', 'deleted'])
})
