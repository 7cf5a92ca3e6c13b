import { progressMeter } from '../system/progress.ts'
import type { ArrayReader } from '../storage/read/reader.ts'
import { watchFiles } from './file-changes.ts'
import {
  type CountedEdges,
  countDistinct,
  hasWholeBins,
  type StatisticsWanted,
  summarize,
  type Statistics,
} from './statistics-summary.ts'
import { type Edges, edgesOf, givenEdges, isOneValue } from './accumulators/histogram.ts'
import { countsFromRange, type WholeBins, wholeBinsOf } from './accumulators/whole-bins.ts'
import { isSmallDtype, type SortKeys, sortKeysOf, realDType, type RealDType } from './accumulators/sort-keys.ts'
import {
  checkStatisticsOptions,
  DEFAULT_QUANTILES,
  type StatisticsOptions,
  progressWith,
} from './statistics-options.ts'
import { canCountDistinct, countDistinctElements } from './distinct-elements.ts'
import type { ScanResult, ScanTask } from './scan-result.ts'
import { OrderStatistics } from './order-statistics.ts'
import { indexIn, type Region, regionBytes, regionOf } from './region.ts'
import { scan } from './scan.ts'
import {
  type KeyRange,
  MAX_RANGES,
  type RefinementPass,
  type RefinementCounts,
} from './accumulators/refinement-pass.ts'
import { type Accumulator, finiteIn } from './accumulators/accumulator.ts'

/** Up to this size quantiles are always exact, however many scans that takes. */
const SMALL_BYTES = 64 * 2 ** 20

/**
 * Computes statistics of the selected elements. The first scan gives all of them, with quantiles and histogram from
 * coarse bins; refinement passes make these exact. Rejects with `ARGUMENT`, `INDEX`, `ABORTED`, `CHANGED_ON_DISK` or
 * `IO`.
 */
export async function statisticsOf(
  reader: ArrayReader,
  options: StatisticsOptions<Statistics> = {},
): Promise<Statistics> {
  checkStatisticsOptions(options)
  const region = regionOf(reader, options)
  const wanted = statisticsWanted(options)
  const edges = wanted.histogram === null ? null : givenEdges(wanted.histogram)
  const bytes = regionBytes(reader, region)
  const exact = options.exact === true || bytes <= SMALL_BYTES
  const files = watchFiles(reader)
  const meter = progressMeter()
  let bytesTotal = bytes
  let bytesBefore = 0
  let components: readonly Component[] = []

  const figures = (parts: readonly Component[], partial: boolean): Statistics =>
    summarizeComponents(reader, region, wanted, parts, partial)
  const onResult = (result: () => ScanResult, bytesDone: number): void => {
    const soFar = (): Statistics => {
      const found = result()
      return figures(found.kind === 'accumulator' ? componentsOf(reader, found.accumulators, edges) : components, true)
    }
    options.onProgress?.(progressWith(meter(bytesBefore + bytesDone, bytesTotal), soFar))
  }
  const runScan = async (task: ScanTask): Promise<ScanResult> => {
    const sample = task.kind === 'accumulator' && options.onProgress !== undefined
    const found = await scan(reader, region, task, { ...options, sample, onResult })
    bytesBefore += bytes
    files.check()
    return found
  }

  const bins = wanted.quantiles.length > 0 || (wanted.histogram !== null && edges === null)
  const first = await runScan({ kind: 'accumulator', wanted: { bins, distinct: wanted.distinct, histogram: edges } })
  components = componentsOf(reader, first.kind === 'accumulator' ? first.accumulators : [], edges)
  if (wanted.distinct && components.length === 1 && canCountDistinct(reader, region)) {
    components = components.map(component => withDistinct(component, reader, region))
    files.check()
  }
  for (;;) {
    const passes = components.map(component => nextRefinementPass(component, wanted, exact))
    if (passes.every(({ ranges, histogram }) => ranges.length === 0 && histogram === null)) break
    bytesTotal += bytes
    const found = await runScan({ kind: 'refinement', passes })
    const counts = found.kind === 'refinement' ? found.counts : []
    components = components.map((component, i) =>
      refineComponent(component, passes[i] as ComponentPass, counts[i] as RefinementCounts),
    )
  }
  const result = figures(components, false)
  options.onProgress?.(progressWith(meter(bytesTotal, bytesTotal), () => result))
  return result
}

/** The accumulated elements, or one component of complex elements. */
interface Component {
  readonly dtype: RealDType
  readonly keys: SortKeys
  readonly accumulator: Accumulator
  /** null when elements are not counted in bins. */
  readonly order: OrderStatistics | null
  readonly histogram: CountedEdges | null
  /** Number of distinct elements, if they have been counted. */
  readonly distinct: number | null
}

/** Counts the distinct elements of a small region where the accumulator's bins don't tell their number. */
function withDistinct(component: Component, reader: ArrayReader, region: Region): Component {
  const { dtype, keys, accumulator } = component
  const isKnown = countDistinct(dtype, keys, accumulator) !== null
  return { ...component, distinct: isKnown ? null : countDistinctElements(reader, region) }
}

function componentsOf(reader: ArrayReader, accumulators: readonly Accumulator[], edges: Edges | null): Component[] {
  const dtype = realDType(reader.dtype)
  const keys = sortKeysOf(dtype)
  return accumulators.map(accumulator => ({
    dtype,
    keys,
    accumulator,
    order: accumulator.bins === null ? null : new OrderStatistics(keys, accumulator),
    histogram: edges === null || !hasHistogram(accumulator) ? null : { edges, counts: accumulator.histogram },
    distinct: null,
  }))
}

const hasHistogram = (accumulator: Accumulator): accumulator is Accumulator & { readonly histogram: Float64Array } =>
  accumulator.histogram !== null && accumulator.min !== null

function statisticsWanted({ quantiles, distinct, histogram }: StatisticsOptions<Statistics>): StatisticsWanted {
  return {
    quantiles: quantiles ?? DEFAULT_QUANTILES,
    distinct: distinct ?? true,
    histogram: histogram === undefined ? null : typeof histogram === 'number' ? { bins: histogram } : histogram,
  }
}

/** A pass whose last range counts the bins of whole numbers, if there are any. */
interface ComponentPass extends RefinementPass {
  readonly wholeBins: WholeBins | null
}

/** Returns the next pass over the elements; without ranges and histogram when all results are final. */
function nextRefinementPass(
  { dtype, keys, accumulator, order, histogram }: Component,
  wanted: StatisticsWanted,
  exact: boolean,
): ComponentPass {
  const ranges: readonly KeyRange[] = order?.coarseRanges(wanted.quantiles, exact).slice(0, MAX_RANGES - 1) ?? []
  if (wanted.histogram === null || histogram !== null || isSmallDtype(dtype))
    return { ranges, histogram: null, wholeBins: null }
  if (hasWholeBins(dtype, wanted.histogram)) {
    const wholeBins = wholeBinsOf(dtype, wanted.histogram, accumulator)
    const range = wholeBins?.range ?? null
    return range === null
      ? { ranges, histogram: null, wholeBins: null }
      : { ranges: [...ranges, range], histogram: null, wholeBins }
  }
  const edges = edgesOf(wanted.histogram, keys, accumulator)
  return { ranges, histogram: edges !== null && isOneValue(edges) ? null : edges, wholeBins: null }
}

function refineComponent(
  component: Component,
  { ranges, histogram: edges, wholeBins }: ComponentPass,
  counts: RefinementCounts,
): Component {
  const quantileRanges = wholeBins === null ? ranges : ranges.slice(0, -1)
  for (const [i, range] of quantileRanges.entries()) component.order?.refine(range, counts.ranges[i] as Float64Array)
  if (wholeBins !== null) {
    const whole = countsFromRange(wholeBins, counts.ranges.at(-1) as Float64Array, finiteIn(component.accumulator))
    return { ...component, histogram: { edges: wholeBins, counts: whole } }
  }
  if (edges === null || counts.histogram === null) return component
  return { ...component, histogram: { edges, counts: counts.histogram } }
}

function summarizeComponents(
  reader: ArrayReader,
  region: Region,
  wanted: StatisticsWanted,
  components: readonly Component[],
  partial: boolean,
): Statistics {
  const indexOf = (at: number): readonly number[] => indexIn(reader, region, at)
  const [first, second] = components.map(({ dtype, accumulator, order, histogram, distinct }) =>
    summarize(dtype, accumulator, wanted, { partial, indexOf, refined: { order, histogram, distinct } }),
  ) as [Statistics, Statistics | undefined]
  return second === undefined ? first : complexStatistics(reader, first, second)
}

function complexStatistics({ dtype }: ArrayReader, magnitude: Statistics, phase: Statistics): Statistics {
  return {
    ...magnitude,
    dtype,
    distinct: null,
    min: null,
    max: null,
    minAt: null,
    maxAt: null,
    sum: Number.NaN,
    mean: Number.NaN,
    std: Number.NaN,
    quantiles: [],
    histogram: null,
    magnitude,
    phase,
  }
}
