import type { DType } from '../../../core/format/dtype.ts'
import { isElementOf } from '../../../core/format/text.ts'
import { formatValue, isInteger } from '../../../core/format/values.ts'
import { differentTexts, formatNumber, groupDigits } from '../../ui/number-text.ts'
import type { Histogram } from './use-statistics.ts'

/** The bars of a histogram, with their texts. */
export interface Bars {
  readonly counts: readonly number[]
  /** The value of each bar, or its lower edge with as few digits as tell the bars apart. */
  readonly labels: readonly string[]
  /** What each bar holds, in full: '7', '8 to 11', '0.25 to 0.5'. */
  readonly contents: readonly string[]
  /** The first and the last value. */
  readonly ends: readonly [string, string]
}

export const NO_BARS: Bars = { counts: [], labels: [], contents: [], ends: ['', ''] }

export function barsOf(dtype: DType, { edges, counts }: Histogram): Bars {
  return isInteger(dtype) ? wholeBars(edges.map(BigInt), counts) : floatBars(dtype, edges.map(Number), counts)
}

function wholeBars(edges: readonly bigint[], counts: readonly number[]): Bars {
  const first = edges.slice(0, -1).map(edge => groupDigits(String(edge)))
  const last = edges.slice(1).map(edge => groupDigits(String(edge - 1n)))
  const contents = first.map((text, i) => (text === last[i] ? text : `${text} to ${last[i]}`))
  return { counts, labels: first, contents, ends: [first[0]!, last.at(-1)!] }
}

/** Share of a bin's width below which an edge counts as 0. */
const UNSEEN = 1e-3

/** An edge that is a fraction of the dtype, as the least and the greatest element may be, has the text of its cells. */
const edgeText = (dtype: DType, edge: number): string =>
  isElementOf(dtype, edge) && !Number.isSafeInteger(edge)
    ? groupDigits(formatValue(dtype, 'real', edge))
    : formatNumber(edge)

function floatBars(dtype: DType, edges: readonly number[], counts: readonly number[]): Bars {
  const exact = edges.map(edge => edgeText(dtype, edge))
  const ends = [exact[0]!, exact.at(-1)!] as const
  if (edges.length === 2 && edges[0] === edges[1]) return { counts, labels: [ends[0]], contents: [ends[0]], ends }
  const lower = edges
    .slice(0, -1)
    .map((edge, i) => (Math.abs(edge) < UNSEEN * Math.abs(edges[i + 1]! - edge) ? 0 : edge))
  const contents = counts.map((_, i) => `${exact[i]} to ${exact[i + 1]}`)
  return { counts, labels: differentTexts(lower), contents, ends }
}
