import { scientific } from '../../../../core/format/text.ts'
import { differenceOf, type Value } from '../../../../core/format/values.ts'
import { groupDigits } from '../../../ui/number-text.ts'

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

/** A number needs no exponent from 10^power on, with at most so many digits and about so many zeros after them. */
const POSITIONAL = { power: -5, zeros: 15, digits: 30 }

/** Formats a decimal in full: positional where that is short, else with an exponent. */
function decimalText({ digits, exponent }: Decimal): string {
  if (digits === 0n) return '0'
  const sign = digits < 0n ? '-' : ''
  const all = String(digits < 0n ? -digits : digits)
  const significant = all.replace(/0+$/, '')
  const count = significant.length
  const power = all.length - 1 + exponent
  if (power > POSITIONAL.zeros + count || power < POSITIONAL.power || count > POSITIONAL.digits)
    return sign + scientific(count > 1 ? `${significant[0]}.${significant.slice(1)}` : significant, power)
  const whole = power < 0 ? '0' : significant.slice(0, power + 1).padEnd(power + 1, '0')
  const fraction = power < 0 ? '0'.repeat(-power - 1) + significant : significant.slice(power + 1)
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
  readonly #offset: Decimal
  /** The offset as a value of the array. */
  readonly #origin: Value
  /** What the labels leave out: 'offset 1.7e+18'; '' when they are complete. */
  readonly note: string

  /** A scale for finite values from `low` to `high`. */
  constructor([low, high]: readonly [low: Value, high: Value]) {
    const range = Math.min(Number.MAX_VALUE, differenceOf(high, low))
    const size = Math.max(Math.abs(Number(low)), Math.abs(Number(high)))
    const isClose = low !== high && size > OFFSET_RATIO * range
    const exponent = exponentOf(low === high ? size : range, typeof low === 'bigint')
    this.#offset = { digits: isClose ? floorTo(decimalOf(low), exponent + 1) * 10n : 0n, exponent }
    this.#origin = valueOf(this.#offset, low)
    const isLong = isClose && decimalText(this.#exact(TICK_EXAMPLE)).length > LONGEST_LABEL
    this.note = isLong ? `offset ${decimalText(this.#offset)}` : ''
  }

  /** The same for scales on which each value has the same position. */
  get units(): string {
    return textOf(this.#offset)
  }

  /** Returns the position of a value. */
  positionOf(value: Value): number {
    const difference = differenceOf(value, this.#origin)
    const { exponent } = this.#offset
    // Powers below 10^-308 are no normal numbers.
    return exponent < -300 ? (difference * 1e300) / 10 ** (exponent + 300) : difference / 10 ** exponent
  }

  /** Returns the text of a tick at a position. */
  labelOf(position: number): string {
    return this.note === '' ? decimalText(this.#exact(position)) : decimalText(this.#relative(position))
  }

  #relative(position: number): Decimal {
    return { digits: BigInt(Math.round(position * 10 ** TICK_DIGITS)), exponent: this.#offset.exponent - TICK_DIGITS }
  }

  #exact(position: number): Decimal {
    const { digits, exponent } = this.#relative(position)
    return { digits: this.#offset.digits * 10n ** BigInt(TICK_DIGITS) + digits, exponent }
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

const textOf = ({ digits, exponent }: Decimal): string => `${digits}e${exponent}`

/** Converts a decimal to a value of the same kind as `like`. */
const valueOf = (decimal: Decimal, like: Value): Value =>
  typeof like === 'bigint' && decimal.exponent >= 0
    ? decimal.digits * 10n ** BigInt(decimal.exponent)
    : Number(textOf(decimal))
