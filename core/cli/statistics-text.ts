import { formatInteger, formatPercent } from '../format/quantities.ts'
import { formatScalar } from '../format/text.ts'
import type { Statistics } from '../statistics/statistics-summary.ts'
import { formatTable } from './table.ts'

const numberText = (value: number | bigint): string =>
  typeof value === 'bigint' ? String(value) : formatScalar('float64', value)

/** Formats the statistics of a part of an array, one figure a line. */
export function formatStatistics(statistics: Statistics): string {
  const { magnitude, phase } = statistics
  if (magnitude === null || phase === null) return formatTable(figuresOf(statistics), [])
  const parts = [
    ['magnitude', magnitude],
    ['phase', phase],
  ] as const
  const counts = formatTable(countsOf(statistics), [])
  return [counts, ...parts.map(([part, of]) => `\n${part}\n${formatTable(figuresOf(of), [])}`)].join('\n')
}

const figuresOf = (statistics: Statistics): string[][] => [...countsOf(statistics), ...valuesOf(statistics)]

/** Elements that are not finite are named only where there are any. */
function countsOf({ count, nan, positiveInfinity, negativeInfinity, zeros, distinct }: Statistics): string[][] {
  const some = (name: string, number: number): string[][] =>
    number === 0 ? [] : [[name, `${formatInteger(number)} (${formatPercent(number, count)})`]]
  return [
    ['elements', formatInteger(count)],
    ...some('NaN', nan),
    ...some('infinity', positiveInfinity),
    ...some('-infinity', negativeInfinity),
    ...some('zeros', zeros),
    ...(distinct === null ? [] : [['distinct', `${distinct.exact ? '' : 'about '}${formatInteger(distinct.value)}`]]),
  ]
}

function valuesOf({ dtype, min, max, minAt, maxAt, sum, mean, std, quantiles }: Statistics): string[][] {
  if (min === null || max === null) return []
  return [
    ['minimum', `${formatScalar(dtype, min)}${placeText(minAt)}`],
    ['maximum', `${formatScalar(dtype, max)}${placeText(maxAt)}`],
    ['sum', numberText(sum)],
    ['mean', numberText(mean)],
    ['standard deviation', numberText(std)],
    ...quantiles.map(({ q, text, exact }) => [
      `${Number((100 * q).toPrecision(6))}% quantile`,
      `${exact ? '' : 'about '}${text}`,
    ]),
  ]
}

const placeText = (index: readonly number[] | null): string => (index === null ? '' : ` at [${index.join(', ')}]`)
