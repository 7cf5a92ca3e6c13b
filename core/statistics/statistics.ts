import { progressMeter } from '../system/progress.ts'
import type { ArrayReader } from '../storage/read/reader.ts'
import { watchFiles } from './changes.ts'
import { type CountedEdges, type FiguresWanted, figuresOf, type Statistics } from './figures.ts'
import { type Edges, edgesOf, givenEdges } from './accumulators/histogram.ts'
import { isCounted, type Keys, keysOf, realDType, type RealDType } from './accumulators/keys.ts'
import { checkStatisticsOptions, DEFAULT_QUANTILES, type StatisticsOptions, progressWith } from './options.ts'
import type { Findings } from './findings.ts'
import { Order } from './quantiles.ts'
import { indexIn, type Region, regionBytes, regionOf } from './region.ts'
import { scan } from './run.ts'
import { type KeyRange, MAX_RANGES, type Survey, type SurveyCounts } from './accumulators/survey.ts'
import type { Tally } from './accumulators/tally.ts'

/** The quantiles of an array up to this size are exact: it is read as often as that takes. */
const SMALL_BYTES = 64 * 2 ** 20

/**
 * Figures of all elements that a selection names. The first scan finds everything but the exact histogram and quantiles
 * in coarse bins; further ones count those. Rejects with `ARGUMENT`, `INDEX`, `ABORTED`, `CHANGED_ON_DISK` or `IO`.
 */
export async function statisticsOf(
  reader: ArrayReader,
  options: StatisticsOptions<Statistics> = {},
): Promise<Statistics> {
  checkStatisticsOptions(options)
  const region = regionOf(reader, options)
  const wanted = figuresWanted(options)
  const edges = wanted.histogram === null ? null : givenEdges(wanted.histogram)
  const bytes = regionBytes(reader, region)
  const exact = options.exact === true || bytes <= SMALL_BYTES
  const files = watchFiles(reader)
  const meter = progressMeter()
  let bytesTotal = bytes
  let bytesBefore = 0
  let components: readonly Component[] = []

  const figures = (parts: readonly Component[], partial: boolean): Statistics =>
    figuresOfComponents(reader, region, wanted, parts, partial)
  const onFindings = (findings: () => Findings, bytesDone: number): void => {
    const soFar = (): Statistics => {
      const found = findings()
      return figures(found.kind === 'tally' ? componentsOf(reader, found.tallies, edges) : components, true)
    }
    options.onProgress?.(progressWith(meter(bytesBefore + bytesDone, bytesTotal), soFar))
  }
  const look = async (task: Parameters<typeof scan>[2]): Promise<Findings> => {
    const sample = task.kind === 'tally' && options.onProgress !== undefined
    const found = await scan(reader, region, task, { ...options, sample, onFindings })
    bytesBefore += bytes
    files.check()
    return found
  }

  const bins = wanted.quantiles.length > 0 || (wanted.histogram !== null && edges === null)
  const first = await look({ kind: 'tally', wanted: { bins, distinct: wanted.distinct, histogram: edges } })
  components = componentsOf(reader, first.kind === 'tally' ? first.tallies : [], edges)
  for (;;) {
    const surveys = components.map(component => nextSurvey(component, wanted, exact))
    if (surveys.every(({ ranges, histogram }) => ranges.length === 0 && histogram === null)) break
    bytesTotal += bytes
    const found = await look({ kind: 'survey', surveys })
    const counts = found.kind === 'survey' ? found.counts : []
    components = components.map((component, i) => surveyed(component, surveys[i] as Survey, counts[i] as SurveyCounts))
  }
  const result = figures(components, false)
  options.onProgress?.(progressWith(meter(bytesTotal, bytesTotal), () => result))
  return result
}

/** What is known of the elements, or of one of the two parts of complex ones. */
interface Component {
  readonly dtype: RealDType
  readonly keys: Keys
  readonly tally: Tally
  /** null where elements are not counted in bins. */
  readonly order: Order | null
  readonly histogram: CountedEdges | null
}

function componentsOf(reader: ArrayReader, tallies: readonly Tally[], edges: Edges | null): Component[] {
  const dtype = realDType(reader.dtype)
  const keys = keysOf(dtype)
  return tallies.map(tally => ({
    dtype,
    keys,
    tally,
    order: tally.bins === null ? null : new Order(keys, tally),
    histogram: edges === null || !hasHistogram(tally) ? null : { edges, counts: tally.histogram },
  }))
}

/** Whether elements were counted between edges, and there were any. */
const hasHistogram = (tally: Tally): tally is Tally & { readonly histogram: Float64Array } =>
  tally.histogram !== null && tally.min !== null

function figuresWanted({ quantiles, distinct, histogram }: StatisticsOptions<Statistics>): FiguresWanted {
  return {
    quantiles: quantiles ?? DEFAULT_QUANTILES,
    distinct: distinct ?? true,
    histogram: histogram === undefined ? null : typeof histogram === 'number' ? { bins: histogram } : histogram,
  }
}

/** What is still to be counted; empty when nothing is. */
function nextSurvey(
  { dtype, keys, tally, order, histogram }: Component,
  wanted: FiguresWanted,
  exact: boolean,
): Survey {
  const ranges: readonly KeyRange[] = order?.coarseRanges(wanted.quantiles, exact).slice(0, MAX_RANGES) ?? []
  const open = wanted.histogram !== null && histogram === null && !isCounted(dtype)
  return {
    ranges,
    histogram: open ? edgesOf(wanted.histogram, keys, tally) : null,
  }
}

function surveyed(component: Component, { ranges, histogram: edges }: Survey, counts: SurveyCounts): Component {
  for (const [i, range] of ranges.entries()) component.order?.refine(range, counts.ranges[i] as Float64Array)
  if (edges === null || counts.histogram === null) return component
  return { ...component, histogram: { edges, counts: counts.histogram } }
}

function figuresOfComponents(
  reader: ArrayReader,
  region: Region,
  wanted: FiguresWanted,
  components: readonly Component[],
  partial: boolean,
): Statistics {
  const indexOf = (at: number): readonly number[] => indexIn(reader, region, at)
  const [first, second] = components.map(({ dtype, tally, order, histogram }) =>
    figuresOf(dtype, tally, wanted, { partial, indexOf, refined: { order, histogram } }),
  ) as [Statistics, Statistics | undefined]
  return second === undefined ? first : complexFigures(reader, first, second)
}

/** Figures of complex numbers: counts, and those of |z| and of the angle. */
function complexFigures({ dtype }: ArrayReader, magnitude: Statistics, phase: Statistics): Statistics {
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
