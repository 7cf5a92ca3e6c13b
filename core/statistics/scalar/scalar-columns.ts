import { elementsOf } from '../../format/elements.ts'
import { addTo, type ColumnAccumulator, emptyColumns, FIELD, fieldOf } from '../accumulators/column-accumulator.ts'
import { BLOCK_BYTES, type ColumnKernel } from '../accumulators/kernel.ts'
import type { RealDType } from '../accumulators/sort-keys.ts'

const WORD = 2 ** 32

export class ScalarColumns implements ColumnKernel {
  readonly input = new Uint8Array(BLOCK_BYTES)
  readonly #words = new Int32Array(this.input.buffer)
  readonly #elements: ArrayLike<number | bigint>
  readonly #dtype: RealDType
  readonly #wide: boolean
  readonly #shifts: Float64Array
  readonly #accumulator: ColumnAccumulator
  readonly #field: Readonly<Record<keyof typeof FIELD, Float64Array>>

  constructor(dtype: RealDType, shifts: Float64Array) {
    this.#dtype = dtype
    this.#wide = dtype.endsWith('int64')
    this.#elements = elementsOf(dtype, this.input)
    this.#shifts = shifts
    this.#accumulator = emptyColumns(shifts.length)
    const names = Object.keys(FIELD) as (keyof typeof FIELD)[]
    this.#field = Object.fromEntries(names.map(name => [name, fieldOf(this.#accumulator, name)])) as Readonly<
      Record<keyof typeof FIELD, Float64Array>
    >
  }

  add(rows: number, columns: number, from: number, first: number, step: number): void {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const i = row * columns + column
        this.#addOne(from + column, i, first + row * step + column)
      }
    }
    for (let column = from; column < from + columns; column++) this.#accumulator.rows[column]! += rows
  }

  columns(): ColumnAccumulator {
    return { ...this.#accumulator, rows: this.#accumulator.rows.slice(), fields: this.#accumulator.fields.slice() }
  }

  #addOne(column: number, i: number, at: number): void {
    // 64-bit integers are two words, the higher one signed like the dtype; other elements are one number.
    const low = this.#wide ? (this.#words[2 * i] as number) >>> 0 : 0
    const word = this.#wide ? (this.#words[2 * i + 1] as number) : 0
    const high = this.#wide ? (this.#dtype === 'uint64' ? word >>> 0 : word) : this.#number(i)
    if (!Number.isFinite(high)) {
      const field = Number.isNaN(high) ? 'nan' : high > 0 ? 'positiveInfinity' : 'negativeInfinity'
      this.#field[field][column]! += 1
      return
    }
    if (high === 0 && low === 0) this.#field.zeros[column]! += 1
    this.#noteExtreme('min', 1, column, high, low, at)
    this.#noteExtreme('max', -1, column, high, low, at)
    const shift = this.#shifts[column] as number
    if (!this.#wide) {
      this.#addDifference(column, high - shift, differenceRest(high, shift))
      return
    }
    const centerHigh = Math.floor(shift / WORD)
    const upper = (high - centerHigh) * WORD
    const lower = low - (shift - centerHigh * WORD)
    const difference = upper + lower
    this.#addDifference(column, difference, lower - (difference - upper))
  }

  #number(i: number): number {
    const value = this.#elements[i] as number
    return this.#dtype === 'bool' ? Number(value !== 0) : value
  }

  #addDifference(column: number, difference: number, rest: number): void {
    this.#field.sumRest[column]! += addTo(this.#field.sum, column, difference) + rest
    this.#field.squaresRest[column]! += addTo(this.#field.squares, column, difference * difference)
  }

  #noteExtreme(extreme: 'min' | 'max', sign: 1 | -1, column: number, high: number, low: number, at: number): void {
    const highs = this.#field[extreme]
    const lows = this.#field[extreme === 'min' ? 'minLow' : 'maxLow']
    const ats = this.#field[extreme === 'min' ? 'minAt' : 'maxAt']
    const difference = sign * (high - (highs[column] as number)) || sign * (low - (lows[column] as number))
    if (!(difference < 0 || (difference === 0 && at < (ats[column] as number)))) return
    highs[column] = high + 0
    lows[column] = low
    ats[column] = at
  }
}

/** Returns the rounding error of x - shift (Knuth, TAOCP 4.2.2). */
function differenceRest(x: number, shift: number): number {
  const difference = x - shift
  const back = difference - x
  return x - (difference - back) - (shift + back)
}
