import { LIMITS } from './limits.ts'

interface Bounds {
  readonly depth: number
  readonly values: number
  readonly characters: number
}

/** Whether a JSON value is within these bounds (UTF-16 units). Stops at them, so it ends for cyclic values too. */
export function isBounded(value: unknown, { depth, values, characters }: Bounds): boolean {
  let left = values
  let charactersLeft = characters
  const visit = (value: unknown, depth: number): boolean => {
    if (--left < 0) return false
    if (typeof value === 'string') return (charactersLeft -= value.length) >= 0
    if (typeof value !== 'object' || value === null) return true
    if (depth === 0 || ArrayBuffer.isView(value)) return false
    if (Array.isArray(value)) return value.length <= left && value.every(inner => visit(inner, depth - 1))
    return Object.entries(value).every(([key, inner]) => (charactersLeft -= key.length) >= 0 && visit(inner, depth - 1))
  }
  return visit(value, depth)
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b])
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d])

/** Counts the values of JSON, or more, without parsing it. Returns Infinity beyond the bounds. */
export function countJsonValues(
  json: Uint8Array,
  { depth, values }: Omit<Bounds, 'characters'> = { depth: Infinity, values: Infinity },
): number {
  let levels = 0
  let count = 1
  let isText = false
  for (let at = 0; at < json.length; at++) {
    const byte = json[at] as number
    if (byte === QUOTE) isText = !isText
    else if (isText) at += byte === BACKSLASH ? 1 : 0
    else if (CLOSING.has(byte)) levels--
    else if (byte === COMMA || OPENING.has(byte)) {
      if (byte !== COMMA && ++levels > depth) return Infinity
      if (++count > values) return Infinity
    }
  }
  return count
}

/**
 * Parses JSON that anyone may have written. Throws SyntaxError, TypeError (not UTF-8, with `fatal`), or RangeError
 * beyond the bounds: V8 ends the program when `JSON.parse` runs out of memory, and a megabyte of brackets takes 30.
 */
export function parseForeignJson(json: Uint8Array, { fatal = true } = {}): unknown {
  if (countJsonValues(json, { depth: LIMITS.jsonDepth, values: LIMITS.jsonValues }) === Infinity)
    throw new RangeError(`more than ${LIMITS.jsonValues} values, or more than ${LIMITS.jsonDepth} levels`)
  return JSON.parse(new TextDecoder('utf-8', { fatal }).decode(json))
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
