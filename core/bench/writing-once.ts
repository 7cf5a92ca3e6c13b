import { readFileSync } from 'node:fs'
import { NDArray } from '../array/ndarray.ts'
import { NumPack } from '../storage/numpack.ts'
import { slice } from '../array/selection.ts'
import type { WritableArray } from '../storage/write/writable.ts'

/**
 * Performs one operation on array `x` of a store and prints how many bytes of memory it added at its peak. Without an
 * operation, prints the names of all as JSON.
 */
const [operation = '', path = ''] = process.argv.slice(2)

const inPlace =
  (change: (x: WritableArray) => unknown) =>
  (npk: NumPack): void =>
    npk.writableBatchMode(batch => void change(batch.load('x')))

function count(batches: Iterable<NDArray>): void {
  let rows = 0
  for (const batch of batches) rows += batch.length
  if (rows === 0) throw new Error('nothing was read')
}

const rowOf = (npk: NumPack, value: number): NDArray => {
  const row = NDArray.zeros(npk.getShape('x').slice(1), 'float32')
  row.set(':', value)
  return row
}

const everyNinth = (length: number): NDArray =>
  new NDArray(
    'bool',
    [length],
    Uint8Array.from({ length }, (_, i) => (i % 9 === 0 ? 1 : 0)),
  )

/** The bench (writing-memory.ts) performs them in this order on one store: those after 'drop' go through its bitmap. */
const OPERATIONS: Record<string, (npk: NumPack) => void> = {
  'stream with reuse': npk => count(npk.streamLoad('x', 4096, { reuse: true })),
  'stream, each batch a new array': npk => count(npk.streamLoad('x', 4096)),
  imul: inPlace(x => x.imul(1.5)),
  'iadd of a row': npk => inPlace(x => x.iadd(rowOf(npk, 1)))(npk),
  sqrt: inPlace(x => x.sqrt()),
  applyBlocks: inPlace(x => x.applyBlocks(block => block.set([0, 0], 1))),
  apply: inPlace(x => x.rows(0, Math.floor(x.length / 8)).apply(value => value)),
  'setWhere by a mask of rows': inPlace(x => x.setWhere(everyNinth(x.length), 2)),
  'setWhere by a list of booleans': inPlace(x =>
    x.setWhere(
      Array.from({ length: x.length }, (_, i) => i % 9 === 0),
      2,
    ),
  ),
  'set of a column': inPlace(x => x.set([':', 3], 1)),
  'drop of one row in eight': npk => void npk.drop('x', slice(null, null, 8)),
  'stream with reuse, one row in eight deleted': npk => count(npk.streamLoad('x', 4096, { reuse: true })),
  'imul, one row in eight deleted': inPlace(x => x.imul(2)),
  'replace of 10,000 rows': npk => npk.replace({ x: NDArray.zeros([10_000, 100], 'float32') }, slice(0, 10_000)),
  'append of 10,000 rows': npk => npk.append({ x: NDArray.zeros([10_000, 100], 'float32') }),
  clone: npk => npk.clone('x', 'y'),
  update: npk => npk.update('x'),
}

/** Returns this process's peak memory in bytes. On Linux `resourceUsage().maxRSS` starts with the parent's memory. */
function readPeakMemory(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024
}

const perform = OPERATIONS[operation]
if (perform === undefined) console.log(JSON.stringify(Object.keys(OPERATIONS)))
else {
  using npk = NumPack.open(path)
  npk.load('x', { lazy: true }).get(0)
  const before = process.memoryUsage.rss()
  perform(npk)
  console.log(readPeakMemory() - before)
}
