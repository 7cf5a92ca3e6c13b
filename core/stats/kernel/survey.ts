import { COUNTS, EDGES, HISTOGRAM, INPUT, RANGES } from './memory'

/** Counts elements in ranges of keys and between a histogram's edges: see ../survey.ts and ../histogram.ts. */

/** Bins of a range, and one: where the counts of the next one begin. */
const RANGE_BINS: usize = 16_400

let ranges: i32 = 0
let bins: i32 = 0
/** Where a value lies among the edges, about: (guess(value) - origin) * density. */
let origin: f64 = 0
let density: f64 = 0
let logarithmic: bool = false

/** `rangeCount` ranges lie at RANGES; `binCount + 1` edges lie at EDGES. */
export function startSurvey(rangeCount: i32, binCount: i32, isLogarithmic: bool): void {
  ranges = rangeCount
  bins = binCount
  logarithmic = isLogarithmic
  if (bins == 0) return
  origin = guess(load<f64>(EDGES))
  density = <f64>bins / (guess(load<f64>(EDGES + ((<usize>bins) << 3))) - origin)
}

/** A number that grows about evenly from edge to edge: the value, or the bits of a positive float, which are its logarithm. */
function guess(value: f64): f64 {
  return logarithmic ? <f64>reinterpret<i64>(value) : value
}

function countKey(key: u64): void {
  for (let i = 0; i < ranges; i++) {
    const range = RANGES + <usize>(i * 24)
    const low = load<u64>(range)
    if (key < low || key > load<u64>(range, 8)) continue
    const shift = load<u64>(range, 16)
    const at = COUNTS + ((<usize>i * RANGE_BINS + <usize>((key >> shift) - (low >> shift))) << 2)
    store<u32>(at, load<u32>(at) + 1)
  }
}

function countValue(value: f64): void {
  if (bins == 0) return
  let bin: i32
  if (value < load<f64>(EDGES)) bin = bins
  else if (value > load<f64>(EDGES + ((<usize>bins) << 3))) bin = bins + 1
  else {
    bin = min(bins - 1, max(0, <i32>((guess(value) - origin) * density)))
    while (bin > 0 && value < load<f64>(EDGES + ((<usize>bin) << 3))) bin--
    while (bin < bins - 1 && value >= load<f64>(EDGES + ((<usize>(bin + 1)) << 3))) bin++
  }
  const at = HISTOGRAM + ((<usize>bin) << 2)
  store<u32>(at, load<u32>(at) + 1)
}

export function surveyFloat32(length: i32): void {
  for (let i = 0; i < length; i++) {
    const x = load<f32>(INPUT + ((<usize>i) << 2)) + 0
    const bits = reinterpret<i32>(x)
    if ((bits & 0x7f800000) == 0x7f800000) continue
    countKey(<u64>(<u32>(bits ^ ((bits >> 31) | 0x80000000))))
    countValue(<f64>x)
  }
}

export function surveyFloat64(length: i32): void {
  for (let i = 0; i < length; i++) {
    const x = load<f64>(INPUT + ((<usize>i) << 3)) + 0
    const bits = reinterpret<i64>(x)
    if ((bits & 0x7ff0000000000000) == 0x7ff0000000000000) continue
    countKey(<u64>(bits ^ ((bits >> 63) | 0x8000000000000000)))
    countValue(x)
  }
}

export function surveyIntegers32(length: i32, signed: bool): void {
  for (let i = 0; i < length; i++) {
    const bits = load<u32>(INPUT + ((<usize>i) << 2))
    countKey(<u64>(signed ? bits ^ 0x80000000 : bits))
    countValue(signed ? <f64>(<i32>bits) : <f64>bits)
  }
}

export function surveyIntegers64(length: i32, signed: bool): void {
  for (let i = 0; i < length; i++) {
    const bits = load<u64>(INPUT + ((<usize>i) << 3))
    countKey(signed ? bits ^ 0x8000000000000000 : bits)
    countValue(signed ? <f64>(<i64>bits) : <f64>bits)
  }
}
