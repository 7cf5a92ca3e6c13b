import { expect, test } from 'vitest'
import { describeSelection } from './selection-text.ts'

const cursor = { row: 5, column: 2 }

test.each([
  [[5, 6], [2, 3], '1 cell'],
  [[5, 8], [2, 6], '3 rows × 4 columns · 12 cells'],
  [[0, 1000], [2, 3], '1,000 rows × 1 column · 1,000 cells'],
] as const)('the selection of rows %o and columns %o is described as “%s”', (rows, columns, text) => {
  expect(describeSelection({ cursor, range: { rows, columns } })).toBe(text)
})
