import { groupDigits } from '../../../ui/number-text.ts'
import { differenceOf, type Value } from '../../../../core/format/values.ts'

/** The number digits * 10^exponent. */
interface Decimal {
  readonly digits: bigint
  readonly exponent: number
}

/** Parses the shortest text of a number. */
function decimalOf(value: Value): Decimal {
  if (typeof value === 'bigint') return { digits: value, exponent: 0 }
  const [mantissa = '', exponent] = value.toExponential().split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length }
}

const POSITIONAL = { least: -5, most: 15 }

/** Formats a decimal in full: positional where that is short, else with an exponent. */
function decimalText({ digits, exponent }: Decimal): string {
  if (digits === 0n) return '0'
  const sign = digits < 0n ? '-' : ''
  const all = String(digits < 0n ? -digits : digits)
  const figures = all.replace(/0+$/, '')
  const power = all.length - 1 + exponent
  if (power > POSITIONAL.most + figures.length || power < POSITIONAL.least || figures.length > 2 * POSITIONAL.most)
    return `${sign}${figures.slice(0, 1)}${figures.length > 1 ? `.${figures.slice(1)}` : ''}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
  const whole = power < 0 ? '0' : figures.slice(0, power + 1).padEnd(power + 1, '0')
  const fraction = power < 0 ? '0'.repeat(-power - 1) + figures : figures.slice(power + 1)
  return groupDigits(`${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`)
}

/** Up to this ratio of the largest size to the range, values are drawn as they are, without an offset. */
const OFFSET_RATIO = 1000

/** Decimals of a position on the axis that a tick can have. */
const TICK_DIGITS = 9

/** With longer labels than this, the axis states its offset once. */
const LONGEST_LABEL = 14

/**
 * Places values on an axis of a chart that computes in float64 and only near 1: the position is (value - offset) /
 * 10^exponent, where the offset is 0 unless the values lie close together. Labels are exact decimals, so that different
 * ticks have different labels at any magnitude and over all 64-bit integers.
 */
export class AxisScale {
  /** A multiple of 10^exponent. */
  readonly #offset: bigint
  readonly #exponent: number
  /** The offset as the values have it. */
  readonly #origin: Value
  /** What the labels leave out: 'offset 1,700,000,000,000,000,000'; '' when they are complete. */
  readonly note: string

  /** A scale for finite values from `low` to `high`. */
  constructor([low, high]: readonly [low: Value, high: Value]) {
    const range = Math.min(Number.MAX_VALUE, differenceOf(high, low))
    const size = Math.max(Math.abs(Number(low)), Math.abs(Number(high)))
    const isClose = low !== high && size > OFFSET_RATIO * range
    this.#exponent = exponentOf(low === high ? size : range, typeof low === 'bigint')
    this.#offset = isClose ? floorTo(decimalOf(low), this.#exponent + 1) * 10n : 0n
    const origin = decimalText({ digits: this.#offset, exponent: this.#exponent })
    this.#origin = originOf({ digits: this.#offset, exponent: this.#exponent }, low)
    const longest = this.#exact(TICK_EXAMPLE)
    this.note = isClose && decimalText(longest).length > LONGEST_LABEL ? `offset ${origin}` : ''
  }

  /** The same for scales on which each value has the same position. */
  get units(): string {
    return `${this.#offset}e${this.#exponent}`
  }

  /** Returns the position of a value. */
  positionOf(value: Value): number {
    const difference = differenceOf(value, this.#origin)
    // Powers below 10^-308 are no normal numbers.
    return this.#exponent < -300
      ? (difference * 1e300) / 10 ** (this.#exponent + 300)
      : difference / 10 ** this.#exponent
  }

  /** Returns the text of a tick at a position. */
  labelOf(position: number): string {
    return this.note === '' ? decimalText(this.#exact(position)) : decimalText(this.#relative(position))
  }

  #relative(position: number): Decimal {
    return { digits: BigInt(Math.round(position * 10 ** TICK_DIGITS)), exponent: this.#exponent - TICK_DIGITS }
  }

  #exact(position: number): Decimal {
    const { digits, exponent } = this.#relative(position)
    return { digits: this.#offset * 10n ** BigInt(TICK_DIGITS) + digits, exponent }
  }
}

/** A position with as many digits as ticks usually have. */
const TICK_EXAMPLE = 0.5

/** The power of ten at or below a size; at least that of a whole number when only whole numbers are there. */
function exponentOf(size: number, isWhole: boolean): number {
  if (size === 0) return 0
  const exponent = Number(size.toExponential().split('e')[1])
  return isWhole ? Math.max(0, exponent) : exponent
}

/** Returns floor(value / 10^exponent). */
function floorTo({ digits, exponent }: Decimal, wanted: number): bigint {
  const by = wanted - exponent
  if (by <= 0) return digits * 10n ** BigInt(-by)
  const unit = 10n ** BigInt(by)
  const whole = digits / unit
  return digits < 0n && whole * unit !== digits ? whole - 1n : whole
}

const originOf = ({ digits, exponent }: Decimal, like: Value): Value =>
  typeof like === 'bigint' && exponent >= 0 ? digits * 10n ** BigInt(exponent) : Number(`${digits}e${exponent}`)
