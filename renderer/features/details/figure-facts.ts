import type { RealFigures } from '../../../core/explorer/contract/types.ts'
import { count } from '../../ui/format.ts'
import { numberText, readableNumber } from '../../ui/number-text.ts'

/** A labelled value; `at` is the element that it links to. */
export interface FigureFact {
  name: string
  value: string
  at?: readonly number[] | null
}

const isFloat = (dtype: string): boolean => /^(float|complex)/.test(dtype)

/** Formats a quantile as percent: 0.05 is '5 %'. */
const quantileName = (q: number): string => (q === 0.5 ? 'Median' : `${Number((100 * q).toPrecision(6))} %`)

/** Counts of elements by kind. */
export function countFacts({
  dtype,
  count: elements,
  nan,
  positiveInfinity,
  negativeInfinity,
  finite,
  zeros,
  distinct,
}: RealFigures): FigureFact[] {
  const kinds: FigureFact[] = isFloat(dtype)
    ? [
        { name: 'NaN', value: count(nan) },
        { name: '+∞', value: count(positiveInfinity) },
        { name: '−∞', value: count(negativeInfinity) },
        { name: 'Finite', value: count(finite) },
      ]
    : []
  return [
    { name: 'Elements', value: count(elements) },
    ...kinds,
    { name: 'Zeros', value: count(zeros) },
    ...(distinct ? [{ name: 'Distinct', value: `${distinct.exact ? '' : '≈ '}${count(distinct.value)}` }] : []),
  ]
}

/** Statistics of the finite elements. */
export function valueFacts({ min, max, minAt, maxAt, sum, mean, std }: RealFigures): FigureFact[] {
  if (min === null || max === null) return []
  return [
    { name: 'Min', value: readableNumber(min), at: minAt },
    { name: 'Max', value: readableNumber(max), at: maxAt },
    ...(sum === null ? [] : [{ name: 'Sum', value: readableNumber(sum) }]),
    ...(mean === null ? [] : [{ name: 'Mean', value: numberText(mean) }]),
    ...(std === null ? [] : [{ name: 'Std', value: numberText(std) }]),
  ]
}

export const quantileFacts = ({ quantiles }: RealFigures): FigureFact[] =>
  quantiles.map(({ q, value, exact }) => ({ name: quantileName(q), value: `${exact ? '' : '≈ '}${numberText(value)}` }))

/** Values listed with their counts, at most. */
const MOST_VALUES = 12

/**
 * Returns values with their counts: all in order if they fit, else the most frequent; empty when values are not
 * counted.
 */
export function valueCountFacts({ valueCounts }: RealFigures): FigureFact[] {
  if (valueCounts === null) return []
  const all = valueCounts.length <= MOST_VALUES
  const told = all ? valueCounts : valueCounts.toSorted((a, b) => b.count - a.count).slice(0, MOST_VALUES / 2)
  return told.map(({ value, count: times }) => ({ name: readableNumber(value), value: count(times) }))
}
