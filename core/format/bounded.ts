/**
 * Whether a JSON value has at most `depth` levels of arrays and objects and at most `values` values. Stops at these
 * limits, so it also ends for cyclic values.
 */
export function isBounded(value: unknown, { depth, values }: { depth: number; values: number }): boolean {
  let left = values
  const visit = (value: unknown, depth: number): boolean => {
    if (--left < 0) return false
    if (typeof value !== 'object' || value === null) return true
    if (depth === 0 || ArrayBuffer.isView(value)) return false
    if (Array.isArray(value) && value.length > left) return false
    return Object.values(value).every(inner => visit(inner, depth - 1))
  }
  return visit(value, depth)
}
