import type { AscendingRowSet, RowSet } from '../row-set.ts'

/** A row set of any rows in any order. The rank of a row outside it is -1. */
export class ListedRows implements RowSet {
  readonly isIdentity = false
  readonly rows: readonly number[]

  constructor(rows: readonly number[]) {
    this.rows = rows
  }

  get count(): number {
    return this.rows.length
  }

  select(position: number): number {
    return this.rows[position]!
  }

  rank(physical: number): number {
    return this.rows.indexOf(physical)
  }

  selectRange(out: Float64Array, start: number): void {
    out.set(this.rows.slice(start, start + out.length))
  }

  share(): null {
    return null
  }
}

/** A row set of ascending rows. */
export class AscendingRows extends ListedRows implements AscendingRowSet {
  readonly #set: ReadonlySet<number>

  constructor(rows: readonly number[]) {
    super(rows)
    this.#set = new Set(rows)
  }

  override rank(physical: number): number {
    return this.rows.filter(row => row < physical).length
  }

  nextIn(physical: number, stop: number): number {
    return this.#next(physical, stop, true)
  }

  nextOut(physical: number, stop: number): number {
    return this.#next(physical, stop, false)
  }

  #next(physical: number, stop: number, isInside: boolean): number {
    let row = physical
    while (row < stop && this.#set.has(row) !== isInside) row++
    return row
  }
}
