/** Characters that JSON may write as more than one. */
const ESCAPED = /[^ !#-[\]-\ud7ff\ue000-\uffff]/

const lengthOf = (text: string): number => (ESCAPED.test(text) ? JSON.stringify(text).length : text.length + 2)

/**
 * Whether a value may have at most this many characters as JSON. Stops at the limit; counts numbers and the like, and
 * what `toJSON` gives, as one. Throws a RangeError for what nests deeper than the stack.
 */
export function mayFitAsJson(value: unknown, characters: number): boolean {
  let left = characters
  const visit = (value: unknown): boolean => {
    if (typeof value === 'string') return (left -= value.length) >= 0 && (left -= lengthOf(value) - value.length) >= 0
    if (--left < 0) return false
    if (typeof value !== 'object' || value === null || 'toJSON' in value) return true
    // The first bracket is counted, the last one stands for the comma that the last part has not.
    if (Array.isArray(value))
      return value.length === 0 ? --left >= 0 : (left -= value.length) >= 0 && value.every(visit)
    let parts = 0
    for (const key in value) {
      const inner: unknown = value[key as keyof typeof value]
      if (inner === undefined) continue
      parts++
      if ((left -= key.length + 4) < 0 || !visit(inner)) return false
    }
    return parts > 0 || --left >= 0
  }
  return visit(value)
}
