import { HIGHEST, addGroup } from './column-groups'
import { addPair } from './column-pairs'
import { convert } from './convert'
import { INPUT } from './memory-layout'

/**
 * Statistics per column; ../accumulators/column-accumulator.ts describes the arithmetic. Blocks are processed in tiles
 * that fit the caches.
 */

const WIDEST: i32 = 256
const TILE = 8192
const SCRATCH: usize = memory.data(8 * 8192, 16)

/**
 * Adds `rows` × `columns` elements, starting at (even) column `from`. The first has number `first`; elements in
 * consecutive rows are `step` apart. `kind` is the element kind; `narrow` says that float32 holds them all.
 */
export function addColumns(kind: i32, narrow: bool, rows: i32, columns: i32, from: i32, first: f64, step: f64): void {
  for (let column = 0; column < columns; column += WIDEST) {
    const width = min(WIDEST, columns - column)
    const most = min(HIGHEST, TILE / ((width + 3) & ~3))
    for (let row = 0; row < rows; row += most) {
      const at = row * columns + column
      const firstOfTile = first + <f64>row * step + <f64>column
      const height = min(most, rows - row)
      if (narrow) addNarrowTile(kind, at, columns, width, height, <usize>(from + column), firstOfTile, step)
      else addTile(kind, at, columns, width, height, <usize>(from + column), firstOfTile, step)
    }
  }
}

/** Adds `rows` × `width` elements from element `at` of the block on; consecutive rows are `columns` apart. */
function addTile(kind: i32, at: i32, columns: i32, width: i32, rows: i32, column: usize, first: f64, step: f64): void {
  const padded = (width + 1) & ~1
  for (let i = 0; i < rows; i++) convert<f64>(kind, at + i * columns, width, SCRATCH + ((<usize>(i * padded)) << 3))
  for (let pair = 0; pair < padded; pair += 2) {
    const from = SCRATCH + ((<usize>pair) << 3)
    addPair(column + <usize>pair, from, (<usize>padded) << 3, rows, first + <f64>pair, step)
  }
}

/** Same, for elements that fit float32. */
function addNarrowTile(
  kind: i32,
  at: i32,
  columns: i32,
  width: i32,
  rows: i32,
  column: usize,
  first: f64,
  step: f64,
): void {
  let tile = INPUT + ((<usize>at) << 2)
  let apart = (<usize>columns) << 2
  if (kind != 0) {
    tile = SCRATCH
    apart = (<usize>((width + 3) & ~3)) << 2
    for (let i = 0; i < rows; i++) convert<f32>(kind, at + i * columns, width, SCRATCH + <usize>i * apart)
  }
  for (let group = 0; group < width; group += 4) {
    const from = tile + ((<usize>group) << 2)
    addGroup(column + <usize>group, from, apart, rows, width - group > 2, first + <f64>group, step)
  }
}
