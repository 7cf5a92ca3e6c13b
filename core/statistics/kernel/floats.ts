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
} from './figures'
import { addExactly } from './sums'

/** What float32 and float64 have in common. */

/** Tallies one element, number `at`. */
export function tallyOne(x: f64, at: f64): void {
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

/** Notes the extremes of a leaf whose first element is number `first`; they are infinite where nothing is finite. */
export function noteExtremes<T>(leaf: usize, first: f64, low: f64, high: f64): void {
  if (low < least || (low == least && first < minAt && low != Infinity)) setMin(low + 0, first + find<T>(leaf, low))
  if (high > greatest || (high == greatest && first < maxAt && high != -Infinity)) {
    setMax(high + 0, first + find<T>(leaf, high))
  }
}

/** The number of the first element that equals `value`, which is among them. */
function find<T>(leaf: usize, value: f64): f64 {
  let at = leaf
  while (<f64>load<T>(at) != value) at += sizeof<T>()
  return <f64>((at - leaf) / sizeof<T>())
}
