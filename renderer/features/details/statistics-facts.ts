import type { RealFigures } from '../../../core/explorer/contract/types.ts'
import { formatInteger } from '../../ui/format.ts'
import { formatNumber, groupDigits } from '../../ui/number-text.ts'

/** A labelled value; `at` is the element that it links to. */
export interface StatisticsFact {
  name: string
  value: string
  at?: readonly number[] | null
}

const isFloat = (dtype: string): boolean => /^(float|complex)/.test(dtype)

/** Formats a quantile as percent: 0.05 is '5 %'. */
const quantileName = (q: number): string => (q === 0.5 ? 'Median' : `${Number((100 * q).toPrecision(6))} %`)

export function countFacts({
  dtype,
  count: elements,
  nan,
  positiveInfinity,
  negativeInfinity,
  finite,
  zeros,
  distinct,
}: RealFigures): StatisticsFact[] {
  const kinds: StatisticsFact[] = isFloat(dtype)
    ? [
        { name: 'NaN', value: formatInteger(nan) },
        { name: '+∞', value: formatInteger(positiveInfinity) },
        { name: '−∞', value: formatInteger(negativeInfinity) },
        { name: 'Finite', value: formatInteger(finite) },
      ]
    : []
  return [
    { name: 'Elements', value: formatInteger(elements) },
    ...kinds,
    { name: 'Zeros', value: formatInteger(zeros) },
    ...(distinct ? [{ name: 'Distinct', value: `${distinct.exact ? '' : '≈ '}${formatInteger(distinct.value)}` }] : []),
  ]
}

export function valueFacts({ min, max, minAt, maxAt, sum, mean, std }: RealFigures): StatisticsFact[] {
  if (min === null || max === null) return []
  return [
    { name: 'Min', value: groupDigits(min), at: minAt },
    { name: 'Max', value: groupDigits(max), at: maxAt },
    ...(sum === null ? [] : [{ name: 'Sum', value: groupDigits(sum) }]),
    ...(mean === null ? [] : [{ name: 'Mean', value: groupDigits(mean) }]),
    ...(std === null ? [] : [{ name: 'Std', value: formatNumber(std) }]),
  ]
}

export const quantileFacts = ({ quantiles }: RealFigures): StatisticsFact[] =>
  quantiles.map(({ q, value, exact }) => ({
    name: quantileName(q),
    value: `${exact ? '' : '≈ '}${groupDigits(value)}`,
  }))

const MOST_VALUES = 12

/**
 * Returns values with their counts: all in order if they fit, else the most frequent; empty when values are not
 * counted.
 */
export function valueCountFacts({ valueCounts }: RealFigures): StatisticsFact[] {
  if (valueCounts === null) return []
  const all = valueCounts.length <= MOST_VALUES
  const listed = all ? valueCounts : valueCounts.toSorted((a, b) => b.count - a.count).slice(0, MOST_VALUES / 2)
  return listed.map(({ value, count: times }) => ({ name: groupDigits(value), value: formatInteger(times) }))
}
