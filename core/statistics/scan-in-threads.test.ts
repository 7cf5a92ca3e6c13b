import { readdirSync, renameSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { DType } from '../format/dtype.ts'
import { typedArrayOf } from '../format/elements.ts'
import { encodeMetadata } from '../format/metadata.ts'
import { METADATA_FILE } from '../format/names.ts'
import { NumPack } from '../storage/numpack.ts'
import { openFiles } from '../test-support/open-files.ts'
import type { ArrayReader } from '../storage/read/reader.ts'
import { ScratchStore } from '../test-support/scratch-store.ts'
import { openStore } from '../storage/read/store.ts'
import { summarize } from './statistics-summary.ts'
import { regionOf, type Selection } from './region.ts'
import { canCountDistinct, countDistinctElements } from './distinct-elements.ts'
import { scalarKernels } from './scalar/scalar-kernels.ts'
import { scanHere } from './scan-here.ts'
import { statisticsOf } from './statistics.ts'
import { NO_PROC } from '../test-support/missing.ts'
import { testUnless } from '../test-support/test-unless.ts'

/** Scans in several threads give the same statistics as one JavaScript scan, and end cleanly whatever interrupts. */

const ROWS = 60_000
const COLUMNS = 20
const DELETED = Array.from({ length: 5000 }, (_, i) => (i * 7919) % ROWS)

function makeElements(dtype: DType): Float64Array {
  const data = new (typedArrayOf(dtype))(ROWS * COLUMNS)
  let state = 1
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const value = (state >>> 8) - 2 ** 23
    data[i] = dtype.startsWith('float') ? value / 1000 : dtype.endsWith('int64') ? BigInt(value) : value
  }
  return data as Float64Array
}

const WANTED = { quantiles: [], distinct: true, histogram: null }

const SELECTIONS: Record<string, (reader: ArrayReader) => Selection> = {
  'all rows that are not deleted': () => ({}),
  'deleted rows': reader => ({ rowSet: reader.deletedRowSet }),
  'rows of a range, some columns': () => ({ rows: [1000, 55_000], columns: [3, 11] }),
  'every row': reader => ({ rowSet: reader.physicalRowSet }),
}

describe.each(['float32', 'int64', 'float16'] as const)('%s', dtype => {
  test.each(Object.entries(SELECTIONS))(
    '%s: scans by 1, 2, 7 or the default number of workers and by the JavaScript kernels give the same statistics',
    async (_, selectionOf) => {
      using store = new ScratchStore({
        name: 'x',
        dtype,
        shape: [ROWS, COLUMNS],
        data: makeElements(dtype),
        deleted: DELETED,
      })
      const reader = openStore(store.path, { readOnly: true }).reader('x')
      const selection = selectionOf(reader)
      const region = regionOf(reader, selection)
      const [one, ...others] = await Promise.all(
        [undefined, 1, 2, 7].map(workers => {
          return statisticsOf(reader, { ...selection, histogram: 20, ...(workers === undefined ? {} : { workers }) })
        }),
      )
      for (const other of others) expect(other).toEqual(one)
      const found = await scanHere(
        scalarKernels,
        reader,
        region,
        { kind: 'accumulator', wanted: { bins: true, distinct: true, histogram: null } },
        { onResult: () => {} },
      )
      const [accumulator] = found.kind === 'accumulator' ? found.accumulators : []
      const { quantiles: _quantiles, histogram: _histogram, minAt: _minAt, maxAt: _maxAt, ...figures } = one!
      const distinct = canCountDistinct(reader, region) ? countDistinctElements(reader, region) : null
      const context = { partial: false, indexOf: () => [], refined: { order: null, histogram: null, distinct } }
      expect(summarize(dtype, accumulator!, WANTED, context)).toMatchObject(figures)
    },
  )
})

/** A store of one sparse 8 GB array of zeros: its scan outlasts any test. */
function makeSparseStore(): ScratchStore & { readonly data: string } {
  const store = new ScratchStore()
  const [rows, columns] = [20_000_000, 100]
  const record = { name: 'x', dtype: 'float32', shape: [rows, columns], dataFile: 'data_x.npkd' } as const
  const data = store.file(record.dataFile)
  writeFileSync(data, '')
  truncateSync(data, 4 * rows * columns)
  writeFileSync(
    store.file(METADATA_FILE),
    encodeMetadata([{ ...record, lastModified: 1, sizeBytes: 4 * rows * columns }]),
  )
  return Object.assign(store, { data })
}

const readerOf = (store: ScratchStore): ArrayReader => openStore(store.path, { readOnly: true }).reader('x')

/** Events that end a scan, and the error code with which it rejects. */
const INTERRUPTIONS: Record<string, { code: string; interrupt: (data: string, abort: () => void) => void }> = {
  'it is cancelled': { code: 'ABORTED', interrupt: (_, abort) => abort() },
  'the file becomes shorter': { code: 'CHANGED_ON_DISK', interrupt: data => truncateSync(data, 4096) },
  'the file is replaced': {
    code: 'CHANGED_ON_DISK',
    interrupt: data => {
      writeFileSync(`${data}.new`, '')
      truncateSync(`${data}.new`, 8_000_000_000)
      renameSync(`${data}.new`, data)
    },
  },
}

testUnless(NO_PROC).each(Object.entries(INTERRUPTIONS))(
  'when %s, a threaded scan rejects and leaves no files open',
  async (_, { code, interrupt }) => {
    using store = makeSparseStore()
    const controller = new AbortController()
    const before = process.getActiveResourcesInfo().length
    let partial = 0
    const end = statisticsOf(readerOf(store), {
      workers: 2,
      signal: controller.signal,
      onProgress: ({ figures, bytesDone, bytesTotal }) => {
        if (partial === 0) interrupt(store.data, () => controller.abort())
        partial = bytesDone / bytesTotal
        expect(figures).toMatchObject({ partial: true, count: figures.zeros, min: 0 })
      },
    })
    await expect(end).rejects.toMatchObject({ code })
    expect(partial).toBeGreaterThan(0)
    expect(partial).toBeLessThan(1)
    expect(openFiles(store.data)).toEqual([])
    expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(before)
  },
)

const countThreads = (): number => readdirSync('/proc/self/task').length

testUnless(NO_PROC)(
  'scans at the same time share the threads that are worth while, whatever each asks for',
  async () => {
    using store = makeSparseStore()
    const reader = readerOf(store)
    const before = countThreads()
    const controller = new AbortController()
    const { signal } = controller
    const seen = new Set<number>()
    let most = 0
    const scans = Array.from({ length: 8 }, async (_, i) => {
      const onProgress = (): void => {
        most = Math.max(most, countThreads() - before)
        if (seen.add(i).size === 8) controller.abort()
      }
      await expect(statisticsOf(reader, { workers: 64, signal, onProgress })).rejects.toMatchObject({ code: 'ABORTED' })
    })
    await Promise.all(scans)
    expect(most).toBeGreaterThan(1)
    expect(most).toBeLessThan(64)
  },
)

test('the first progress covers a sample of the whole array, and a cancelled scan does not affect the next', async () => {
  using store = makeSparseStore()
  const controller = new AbortController()
  const shares: number[] = []
  const end = statisticsOf(readerOf(store), {
    workers: 2,
    signal: controller.signal,
    onProgress: ({ figures, bytesDone, bytesTotal }) => {
      shares.push(bytesDone / bytesTotal)
      expect(figures).toMatchObject({ partial: true, max: 0 })
      if (shares.length === 2) controller.abort()
    },
  })
  await expect(end).rejects.toMatchObject({ code: 'ABORTED' })
  expect(shares[0]).toBeGreaterThan(0)
  expect(shares[0]).toBeLessThan(0.001)
  expect(shares[1]).toBeGreaterThan(shares[0]!)

  using other = new ScratchStore({ name: 'x', dtype: 'float32', shape: [ROWS, COLUMNS], data: makeElements('float32') })
  const reader = readerOf(other)
  const [inThreads, here] = await Promise.all([statisticsOf(reader, { workers: 2 }), statisticsOf(reader)])
  expect(inThreads).toEqual(here)
})

test('a scan rejects when its file is written to during the scan', async () => {
  using store = new ScratchStore({ name: 'x', dtype: 'float32', shape: [ROWS, COLUMNS], data: makeElements('float32') })
  const end = statisticsOf(readerOf(store), {
    workers: 1,
    onProgress: () => utimesSync(store.file('data_x.npkd'), new Date(), new Date(1_000_000)),
    quantiles: [0.5],
    exact: true,
  })
  utimesSync(store.file('data_x.npkd'), new Date(), new Date(2_000_000))
  await expect(end).rejects.toMatchObject({ code: 'CHANGED_ON_DISK' })
})

test('a scan rejects with what onProgress throws', async () => {
  using store = makeSparseStore()
  const end = statisticsOf(readerOf(store), {
    workers: 2,
    onProgress: () => {
      throw new RangeError('enough')
    },
  })
  await expect(end).rejects.toThrow(new RangeError('enough'))
})

test('an aborted signal, invalid options and a closed store each reject the scan', async () => {
  using store = new ScratchStore({ name: 'x', dtype: 'int8', shape: [4], data: Int8Array.of(1, 2, 3, 4) })
  const npk = NumPack.open(store.path, { readOnly: true })
  const lazy = npk.load('x', { lazy: true })
  await expect(lazy.statistics({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' })
  for (const options of [{ workers: 0 }, { quantiles: [2] }, { histogram: 0 }, { rows: [-1, 2] as [number, number] }]) {
    await expect(lazy.statistics(options)).rejects.toMatchObject({ code: 'ARGUMENT' })
  }
  expect(await lazy.statistics()).toMatchObject({ count: 4, sum: 10n, minAt: [0], maxAt: [3] })
  npk.close()
  await expect(lazy.statistics()).rejects.toMatchObject({ code: 'CLOSED' })
})
