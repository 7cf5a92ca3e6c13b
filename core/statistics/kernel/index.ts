export { binFloat32, binFloat64, binIntegers32, binIntegers64 } from './bins'
export { startColumns } from './column-fields'
export { addColumns } from './columns'
export { countBytes, countHalves } from './counted'
export { noteFloat32, noteFloat64, noteIntegers32, noteIntegers64 } from './distinct'
export { max, maxAt, min, minAt, nan, negativeInfinity, positiveInfinity, zeros } from './figures'
export { tallyFloat32 } from './float32'
export { tallyFloat64 } from './float64'
export {
  histogramFloat32,
  histogramFloat64,
  histogramIntegers32,
  histogramIntegers64,
  startHistogram,
} from './histogram'
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
  tallyIntegers32,
  tallyIntegers64,
} from './integers'
export { countsAt, edgesAt, histogramAt, inputAt, rangesAt, registersAt, squaresAt, sumsAt } from './memory'
export { startSurvey, surveyFloat32, surveyFloat64, surveyIntegers32, surveyIntegers64 } from './survey'
