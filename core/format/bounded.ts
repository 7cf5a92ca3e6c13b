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

/** Whether a bounded value can be written as JSON and read back as it is: plain objects and lists, no NaN or infinity. */
export function isJson(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true
    case 'number':
      return Number.isFinite(value)
    case 'object':
      if (value === null) return true
      if (Array.isArray(value)) return value.every(isJson)
      return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isJson)
    default:
      return false
  }
}
