import { visibleJson } from '../format/visible-text.ts'

/** `JSON.rawJSON`, which TypeScript doesn't know yet: writes a number with the digits that it is given. */
const { rawJSON } = JSON as unknown as { rawJSON: (this: void, text: string) => unknown }

function exact(value: unknown): unknown {
  if (typeof value === 'bigint') return rawJSON(String(value))
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (Object.is(value, -0)) return rawJSON('-0.0')
  return value
}

/**
 * Formats a result as JSON, with invisible characters escaped: 64-bit integers with all digits, and what JSON has no
 * number for as "NaN", "Infinity" and "-Infinity".
 */
export const formatJson = (result: unknown): string =>
  visibleJson(JSON.stringify(result, (_key, value) => exact(value), 2))
