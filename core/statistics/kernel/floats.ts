import {
  addNan,
  addNegativeInfinity,
  addPositiveInfinity,
  addZeros,
  max as greatest,
  maxAt,
  min as least,
  minAt,
  setMax,
  setMin,
} from './counters'
import { addExactly } from './sum-tables'

export function accumulateOne(x: f64, at: f64): void {
  if (x != x) {
    addNan(1)
    return
  }
  if (x == Infinity) {
    addPositiveInfinity(1)
    return
  }
  if (x == -Infinity) {
    addNegativeInfinity(1)
    return
  }
  if (x == 0) addZeros(1)
  if (x < least || (x == least && at < minAt)) setMin(x + 0, at)
  if (x > greatest || (x == greatest && at < maxAt)) setMax(x + 0, at)
  addExactly(x)
}

/**
 * Updates the extremes from a leaf whose first element has number `first`; `low` and `high` are infinite when nothing
 * is finite.
 */
export function updateExtremes<T>(leaf: usize, first: f64, low: f64, high: f64): void {
  if (low < least || (low == least && first < minAt && low != Infinity)) setMin(low + 0, first + find<T>(leaf, low))
  if (high > greatest || (high == greatest && first < maxAt && high != -Infinity)) {
    setMax(high + 0, first + find<T>(leaf, high))
  }
}

/** Returns the number of the first element that equals `value`; there must be one. */
function find<T>(leaf: usize, value: f64): f64 {
  let at = leaf
  while (<f64>load<T>(at) != value) at += sizeof<T>()
  return <f64>((at - leaf) / sizeof<T>())
}
