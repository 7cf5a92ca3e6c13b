import { expect, test } from 'vitest'
import { formatElement } from '../../core/format/text.ts'
import { cellText } from './cell-format.ts'
import { MAX_COPY_CELLS, readText, refusal } from './copy.ts'
import type { CopyStatus, GridSource, Span } from './grid-types.ts'

function source(reads: { rows: Span; columns: Span }[] = []): GridSource {
  return {
    key: 'a',
    layoutKey: 'a',
    generation: 1,
    dtype: 'float64',
    rows: 1e9,
    columns: 100_000,
    rowSet: { numbering: 'logical', hasActive: true },
    physicalRows: 1e9,
    deletedRows: 0,
    read(rows, columns) {
      reads.push({ rows, columns })
      const data = new Float64Array((rows[1] - rows[0]) * (columns[1] - columns[0]))
      let at = 0
      for (let r = rows[0]; r < rows[1]; r++) for (let c = columns[0]; c < columns[1]; c++) data[at++] = -(r + c / 1e6)
      return { rows, columns, data, rowNumbers: null, generation: 1 }
    },
    deletionMap: () => Promise.resolve([]),
    cellKind: () => 'number',
    shadedNumber: (data, index) => Number(data[index]),
    cellText: (data, index) => cellText('float64', 'auto', data, index),
    copyText: (data, index) => formatElement('float64', data, index),
  }
}

const never = new AbortController().signal
const ignore = () => undefined

test('copied cells are separated by tabs and line breaks, in full precision and ASCII', async () => {
  const text = await readText(source(), { rows: [999_999_998, 1e9], columns: [1, 4] }, never, ignore)
  expect(text).toBe(
    '-999999998.000001\t-999999998.000002\t-999999998.000003\n-999999999.000001\t-999999999.000002\t-999999999.000003',
  )
})

test('a cell shows the same digits as copied text, with a typographic minus sign', () => {
  expect(cellText('float64', 'auto', new Float64Array([-1.5e-7]), 0)).toBe('−1.5e−07')
  expect(formatElement('float64', new Float64Array([-1.5e-7]), 0)).toBe('-1.5e-07')
})

test('large ranges are copied in pieces, with progress up to the last cell', async () => {
  const reads: { rows: Span; columns: Span }[] = []
  const progress: CopyStatus[] = []
  const range = { rows: [10, 20], columns: [0, 90_000] } as const
  const text = await readText(source(reads), range, never, status => progress.push(status))
  const lines = text.split('\n')
  expect(lines).toHaveLength(10)
  expect(lines.every(line => line.split('\t').length === 90_000)).toBe(true)
  expect(lines[9]!.endsWith('\t-19.089999')).toBe(true)
  for (const { rows, columns } of reads) {
    expect((rows[1] - rows[0]) * (columns[1] - columns[0])).toBeLessThanOrEqual(32_768)
  }
  expect(progress.at(-1)).toEqual({ state: 'reading', cells: 900_000, cellsDone: 900_000 })
})

test('an aborted copy reads no further', async () => {
  const reads: { rows: Span; columns: Span }[] = []
  const controller = new AbortController()
  const copying = readText(source(reads), { rows: [0, 9000], columns: [0, 100] }, controller.signal, () =>
    controller.abort(),
  )
  await expect(copying).rejects.toThrow(/abort/i)
  expect(reads).toHaveLength(1)
})

test('a copy of an array that changes during the copy fails rather than mixing old and new', async () => {
  const changing = source()
  let calls = 0
  const read: GridSource['read'] = async (rows, columns, signal) => ({
    ...(await changing.read(rows, columns, signal)),
    generation: ++calls,
  })
  const copying = readText({ ...changing, read }, { rows: [0, 900], columns: [0, 100] }, never, ignore)
  await expect(copying).rejects.toThrow('changed while it was being copied')
})

test('a copy of too many cells is refused with both numbers', () => {
  expect(refusal({ rows: [0, MAX_COPY_CELLS], columns: [0, 1] })).toBeNull()
  expect(refusal({ rows: [0, 2 ** 40], columns: [0, 100] })).toContain('109,951,162,777,600 cells')
})
