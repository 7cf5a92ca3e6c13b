import type { RowMap } from './rowmap.ts'

/**
 * An ordered set of physical rows, which a grid, a plot or statistics go through by position. The active rows of an array, all
 * of its rows and its deleted rows are such sets. `select` and `rank` take O(log n) or less.
 */
export interface RowSet {
  /** Number of rows. */
  readonly count: number
  /** Whether the physical row at each position is the position itself. */
  readonly isIdentity: boolean
  /** The physical row at a position (0 to `count - 1`). */
  select(position: number): number
  /** Position of a physical row. In an ascending set it counts the rows before any physical row, also one that the set lacks. */
  rank(physical: number): number
  /** Writes the physical rows at `start`, `start + 1`, ... into `out`, until it is full. */
  selectRange(out: Float64Array, start: number): void
}

/** A set in ascending order, so that runs of rows can be read from the disk in one go. */
export interface AscendingRowSet extends RowSet {
  /** First row of the set in [physical, stop). Any number of at least `stop` when there is none. */
  nextIn(physical: number, stop: number): number
  /** First row that the set lacks in [physical, stop). Any number of at least `stop` when there is none. */
  nextOut(physical: number, stop: number): number
}

/** The first `count` physical rows. */
export class FirstRows implements AscendingRowSet {
  readonly count: number
  readonly isIdentity = true

  constructor(count: number) {
    this.count = count
  }

  select(position: number): number {
    return position
  }

  rank(physical: number): number {
    return Math.min(physical, this.count)
  }

  selectRange(out: Float64Array, start: number): void {
    for (let i = 0; i < out.length; i++) out[i] = start + i
  }

  nextIn(physical: number, stop: number): number {
    return physical < this.count ? physical : stop
  }

  nextOut(physical: number): number {
    return Math.max(physical, this.count)
  }
}

/** The rows that a deletion bitmap marks as active. */
export class ActiveRows implements AscendingRowSet {
  readonly #map: RowMap
  readonly isIdentity = false

  constructor(map: RowMap) {
    this.#map = map
  }

  get count(): number {
    return this.#map.activeRows
  }

  select(position: number): number {
    return this.#map.selectActive(position)
  }

  rank(physical: number): number {
    return this.#map.rankActive(physical)
  }

  selectRange(out: Float64Array, start: number): void {
    this.#map.fillActive(out, start)
  }

  nextIn(physical: number, stop: number): number {
    return this.#map.nextActive(physical, stop)
  }

  nextOut(physical: number, stop: number): number {
    return this.#map.nextDeleted(physical, stop)
  }
}

/** The rows that a deletion bitmap marks as deleted. */
export class DeletedRows implements AscendingRowSet {
  readonly #map: RowMap
  readonly isIdentity = false

  constructor(map: RowMap) {
    this.#map = map
  }

  get count(): number {
    return this.#map.deletedRows
  }

  select(position: number): number {
    return this.#map.selectDeleted(position)
  }

  rank(physical: number): number {
    return this.#map.rankDeleted(physical)
  }

  selectRange(out: Float64Array, start: number): void {
    this.#map.fillDeleted(out, start)
  }

  nextIn(physical: number, stop: number): number {
    return this.#map.nextDeleted(physical, stop)
  }

  nextOut(physical: number, stop: number): number {
    return this.#map.nextActive(physical, stop)
  }
}
