import type { DType } from '../../../core/format/dtype.ts'
import type { Histogram } from './use-statistics.ts'

/** A histogram as it is drawn. */
export interface Bars {
  readonly counts: readonly number[]
  /** One more than counts. */
  readonly edges: readonly number[]
  /** The whole number that each bar stands for; null where bars stand for what lies between two edges. */
  readonly values: readonly number[] | null
}

/**
 * The bars of a histogram: its bins, or one for each whole number where the elements are whole and there are more bins
 * than numbers, so that at most one number lies in each.
 */
export function barsOf(dtype: DType, { edges, counts, scale }: Histogram): Bars {
  const [least, greatest] = [edges[0]!, edges.at(-1)!]
  const isWhole = !/^(float|complex)/.test(dtype) && Number.isSafeInteger(least) && Number.isSafeInteger(greatest)
  if (!isWhole || scale === 'log' || greatest - least >= counts.length) return { counts, edges, values: null }
  const values = Array.from({ length: greatest - least + 1 }, (_, i) => least + i)
  const each = values.map(() => 0)
  for (const [bin, count] of counts.entries()) each[Math.ceil(edges[bin]!) - least]! += count
  return { counts: each, edges: [least, ...values.map(value => value + 1)].map(edge => edge - 0.5), values }
}

/** The least and the greatest number of bars. */
export const endsOf = ({ edges, values }: Bars): [number, number] =>
  values === null ? [edges[0]!, edges.at(-1)!] : [values[0]!, values.at(-1)!]
