export { binFloat32, binFloat64, binIntegers32, binIntegers64 } from './bins'
export { startColumns } from './column-fields'
export { addColumns } from './column-blocks'
export { countBytes, countHalves } from './bit-patterns'
export {
  addDistinctFloat32,
  addDistinctFloat64,
  addDistinctIntegers32,
  addDistinctIntegers64,
} from './distinct-registers'
export { max, maxAt, min, minAt, nan, negativeInfinity, positiveInfinity, zeros } from './counters'
export { accumulateFloat32 } from './float32'
export { accumulateFloat64 } from './float64'
export {
  histogramFloat32,
  histogramFloat64,
  histogramIntegers32,
  histogramIntegers64,
  startHistogram,
} from './histogram-counts'
export {
  greatest,
  greatestAt,
  highHigh,
  highHighHigh,
  least,
  leastAt,
  lowHigh,
  lowHighHigh,
  lowLow,
  lowLowHigh,
  sumHigh,
  sumLow,
  accumulateIntegers32,
  accumulateIntegers64,
} from './integers'
export { countsAt, edgesAt, histogramAt, inputAt, rangesAt, registersAt, squaresAt, sumsAt } from './memory-layout'
export {
  startRangeCounts,
  countRangesFloat32,
  countRangesFloat64,
  countRangesIntegers32,
  countRangesIntegers64,
} from './range-counts'
