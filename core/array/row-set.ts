import type { RowMap } from './rowmap.ts'

/** An ordered set of physical rows, addressed by position. `select` and `rank` take O(log n) or less. */
export interface RowSet {
  readonly count: number
  /** Whether every row's position is its physical number. */
  readonly isIdentity: boolean
  select(position: number): number
  /** Returns the position of a physical row. In an ascending set, any row has the number of set rows before it. */
  rank(physical: number): number
  /** Writes the physical rows at `start`, `start + 1`, ... into `out` until it is full. */
  selectRange(out: Float64Array, start: number): void
  /** Returns the set as plain data for other threads; null if only this thread can use it. */
  share(): SharedRowSet | null
}

export interface AscendingRowSet extends RowSet {
  /** Returns the first row of the set in [physical, stop). Without such a row, the result is `stop` or greater. */
  nextIn(physical: number, stop: number): number
  /** Returns the first row outside the set in [physical, stop). Without such a row, the result is `stop` or greater. */
  nextOut(physical: number, stop: number): number
}

/** A row set as plain data. `active` and `deleted` are those of the row map of the array that the other thread reads. */
export type SharedRowSet =
  | { readonly kind: 'first'; readonly count: number }
  | { readonly kind: 'active' }
  | { readonly kind: 'deleted' }

export const isAscending = (set: RowSet): set is AscendingRowSet => 'nextIn' in set

export function openRowSet(shared: SharedRowSet, rowMap: RowMap | null): RowSet {
  if (shared.kind === 'first') return new FirstRows(shared.count)
  if (rowMap === null) throw new TypeError(`the set of ${shared.kind} rows needs a row map`)
  return shared.kind === 'active' ? new ActiveRows(rowMap) : new DeletedRows(rowMap)
}

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

  share(): SharedRowSet {
    return { kind: 'first', count: this.count }
  }

  nextIn(physical: number, stop: number): number {
    return physical < this.count ? physical : stop
  }

  nextOut(physical: number): number {
    return Math.max(physical, this.count)
  }
}

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

  share(): SharedRowSet {
    return { kind: 'active' }
  }

  nextIn(physical: number, stop: number): number {
    return this.#map.nextActive(physical, stop)
  }

  nextOut(physical: number, stop: number): number {
    return this.#map.nextDeleted(physical, stop)
  }
}

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

  share(): SharedRowSet {
    return { kind: 'deleted' }
  }

  nextIn(physical: number, stop: number): number {
    return this.#map.nextDeleted(physical, stop)
  }

  nextOut(physical: number, stop: number): number {
    return this.#map.nextActive(physical, stop)
  }
}
