export let nan: f64 = 0
export let positiveInfinity: f64 = 0
export let negativeInfinity: f64 = 0
export let zeros: f64 = 0
export let min: f64 = Infinity
export let max: f64 = -Infinity
export let minAt: f64 = Infinity
export let maxAt: f64 = Infinity

export function addNan(count: i32): void {
  nan += <f64>count
}
export function addPositiveInfinity(count: i32): void {
  positiveInfinity += <f64>count
}
export function addNegativeInfinity(count: i32): void {
  negativeInfinity += <f64>count
}
export function addZeros(count: i32): void {
  zeros += <f64>count
}
export function setMin(value: f64, at: f64): void {
  min = value
  minAt = at
}
export function setMax(value: f64, at: f64): void {
  max = value
  maxAt = at
}
