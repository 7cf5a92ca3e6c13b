import type { DType } from '../../../core/format/dtype.ts'
import type { Histogram } from './use-statistics.ts'

export interface Bars {
  readonly counts: readonly number[]
  readonly edges: readonly number[]
  /** The whole number of each bar; null when a bar covers what lies between two edges. */
  readonly values: readonly number[] | null
}

/** Returns a bar per bin, or per whole number when bins outnumber these, so that a bin holds at most one. */
export function barsOf(dtype: DType, { edges, counts, scale }: Histogram): Bars {
  const [least, greatest] = [edges[0]!, edges.at(-1)!]
  const isWhole = !/^(float|complex)/.test(dtype) && Number.isSafeInteger(least) && Number.isSafeInteger(greatest)
  if (!isWhole || scale === 'log' || greatest - least >= counts.length) return { counts, edges, values: null }
  const values = Array.from({ length: greatest - least + 1 }, (_, i) => least + i)
  const each = values.map(() => 0)
  for (const [bin, count] of counts.entries()) each[Math.ceil(edges[bin]!) - least]! += count
  return { counts: each, edges: [least, ...values.map(value => value + 1)].map(edge => edge - 0.5), values }
}

export const endsOf = ({ edges, values }: Bars): [number, number] =>
  values === null ? [edges[0]!, edges.at(-1)!] : [values[0]!, values.at(-1)!]
