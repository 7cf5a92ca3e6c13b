import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { encodeBitmap } from '../format/bitmap.ts'
import { type DType, itemsize } from '../format/dtype.ts'
import { bytesOf, typedArrayOf } from '../format/elements.ts'
import { encodeMetadata } from '../format/metadata.ts'
import { bitmapFileOf } from '../format/names.ts'
import { FirstRows } from '../array/row-set.ts'
import { NumPack } from '../storage/numpack.ts'
import {
  atLeast,
  atMost,
  type Bench,
  duration,
  type Figure,
  type Goal,
  inTurn,
  lowerQuartile,
  rate,
  secondsOf,
  xorshift,
} from './harness.ts'

const COLUMNS = 128
const WORKERS = 2
const ROUNDS = 3
/** Counts, extremes and sums only, as the comparators compute them. */
const MOMENTS = { quantiles: [], distinct: false, workers: WORKERS }

/** How many times as fast as NumPy the statistics of each dtype must be. */
const DTYPES: readonly [dtype: DType, mebibytes: number, goal: number][] = [
  ['float32', 512, 3],
  ['float64', 256, 2],
  ['int32', 256, 2],
  ['uint8', 128, 2],
  ['float16', 128, 2],
  ['int64', 256, 1.5],
]

export async function statistics({ folder, numpack }: Bench): Promise<Figure[]> {
  const c = compile(folder)
  const figures: Figure[] = []
  for (const [dtype, mebibytes, goal] of DTYPES) {
    const store = makeStore(folder, dtype, mebibytes * 2 ** 20)
    figures.push(...(await measureDtype(store, dtype, mebibytes * 2 ** 20, goal, c, numpack)))
    rmSync(store, { recursive: true })
  }
  return [...figures, ...(await measureSparse(folder))]
}

type StatisticsComparator = ((file: string) => number) | null

function compile(folder: string): StatisticsComparator {
  const source = fileURLToPath(new URL('statistics.c', import.meta.url))
  const program = join(folder, 'statistics')
  if (spawnSync('cc', ['-O3', '-march=native', '-pthread', '-o', program, source]).status !== 0) return null
  return file => Number(spawnSync(program, [file], { encoding: 'utf8' }).stdout) / 1e9
}

function makeStore(folder: string, dtype: DType, bytes: number): string {
  const store = join(folder, `${dtype}.npk`)
  mkdirSync(store)
  const random = xorshift(5)
  const chunk = new (typedArrayOf(dtype))(2 ** 22)
  for (let i = 0; i < chunk.length; i++) {
    const bell = (random() + random() + random() + random()) / 2 ** 31 - 4
    const value = dtype.startsWith('float') ? bell : Math.round(10 * bell) + (dtype === 'uint8' ? 50 : 0)
    chunk[i] = dtype.endsWith('int64') ? BigInt(value) : value
  }
  const file = openSync(join(store, 'data_x.npkd'), 'w')
  const block = bytesOf(chunk)
  for (let at = 0; at < bytes; at += block.length) writeSync(file, block, 0, Math.min(block.length, bytes - at), at)
  closeSync(file)
  writeMetadata(store, dtype, bytes / itemsize(dtype) / COLUMNS)
  return store
}

function writeMetadata(store: string, dtype: DType, rows: number): void {
  const record = { name: 'x', dtype, shape: [rows, COLUMNS], dataFile: 'data_x.npkd', lastModified: 1 }
  const sizeBytes = rows * COLUMNS * itemsize(dtype)
  writeFileSync(join(store, 'metadata.npkm'), encodeMetadata([{ ...record, sizeBytes }]))
}

async function measureDtype(
  store: string,
  dtype: DType,
  bytes: number,
  goal: number,
  c: StatisticsComparator,
  numpack: Bench['numpack'],
): Promise<Figure[]> {
  const file = join(store, 'data_x.npkd')
  const isCompared = dtype === 'float32'
  using npk = NumPack.open(store, { readOnly: true })
  const lazy = npk.load('x', { lazy: true })
  const numpy = numpack?.('statistics', file, dtype, isCompared ? COLUMNS : 1) ?? {}
  const spent = await inTurn(ROUNDS, {
    ours: () => secondsOf(() => lazy.statistics(MOMENTS)),
    c: () => (isCompared ? (c?.(file) ?? Number.NaN) : Number.NaN),
    columns: () => (isCompared ? secondsOf(() => lazy.statistics({ axis: 0, workers: WORKERS })) : 0),
    histogram: () =>
      isCompared ? secondsOf(() => lazy.statistics({ ...MOMENTS, histogram: { bins: 64, range: [-4, 4] } })) : 0,
  })
  const all = await secondsOf(() => lazy.statistics({ workers: WORKERS }))
  const against = (what: string, ours: number, other: number | undefined, name: string, goal: Goal | null): Figure => ({
    what: `${what}, ${bytes / 2 ** 20} MiB of ${dtype}, ${WORKERS} workers`,
    value: rate(bytes / ours),
    beside: other === undefined || Number.isNaN(other) ? '' : `${name} ${rate(bytes / other)}`,
    measured: other === undefined || Number.isNaN(other) ? null : other / ours,
    goal,
  })
  const moments = 'counts, extremes, sums, std'
  const figures = [
    against(moments, spent.ours, numpy['whole'], 'NumPy', atLeast(goal, 'x')),
    against(`${moments}, quantiles and distinct elements`, all, undefined, '', null),
  ]
  if (!isCompared) return figures
  const everyRow = new FirstRows(bytes / itemsize(dtype) / COLUMNS)
  deleteRows(store, everyRow.count)
  using again = NumPack.open(store, { readOnly: true })
  const withHoles = again.load('x', { lazy: true })
  const pair = await inTurn(ROUNDS, {
    without: () => secondsOf(() => withHoles.statistics({ ...MOMENTS, rowSet: everyRow })),
    holes: () => secondsOf(() => withHoles.statistics(MOMENTS)),
  })
  return [
    ...figures,
    against(moments, spent.ours, spent.c, 'C on two threads', atLeast(0.5, 'x')),
    against(`${moments} of each of ${COLUMNS} columns`, spent.columns, numpy['columns'], 'NumPy', atLeast(5, 'x')),
    against(
      `${moments} and a histogram of 64 bins`,
      spent.histogram,
      numpy['histogram'],
      'np.histogram alone',
      atLeast(5, 'x'),
    ),
    against(`${moments}, 5 % of the rows deleted`, pair.holes, pair.without, 'all rows', atLeast(0.7, 'x')),
  ]
}

function deleteRows(store: string, rows: number): void {
  const random = xorshift(3)
  writeFileSync(
    join(store, bitmapFileOf('x')),
    encodeBitmap(rows, () => random() % 20 === 0),
  )
}

async function measureSparse(folder: string): Promise<Figure[]> {
  const store = join(folder, 'sparse.npk')
  mkdirSync(store)
  const file = join(store, 'data_x.npkd')
  const rows = Math.floor(1e10 / 4 / COLUMNS)
  writeFileSync(file, '')
  truncateSync(file, rows * COLUMNS * 4)
  writeMetadata(store, 'float32', rows)
  const first: number[] = []
  const cancelled: number[] = []
  for (let round = 0; round < 9; round++) {
    using npk = NumPack.open(store, { readOnly: true })
    const controller = new AbortController()
    const start = performance.now()
    let abortedAt = 0
    // The first report comes from a sample; the threads are running when the next one arrives.
    const onProgress = (): void => {
      if (first.length === round) first.push(performance.now() - start)
      else if (abortedAt === 0) {
        abortedAt = performance.now()
        controller.abort()
      }
    }
    await npk
      .load('x', { lazy: true })
      .statistics({ signal: controller.signal, onProgress })
      .catch(() => {})
    cancelled.push(performance.now() - abortedAt)
  }
  return [figureOf('first statistics', first, 150), figureOf('ended after cancelling', cancelled, 50)]
}

const figureOf = (what: string, values: readonly number[], limit: number): Figure => ({
  what: `${what}, 10 GB of float32`,
  value: duration(lowerQuartile(values) / 1000),
  beside: '',
  measured: lowerQuartile(values),
  goal: atMost(limit, 'ms'),
})
