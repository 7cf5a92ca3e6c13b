import { formatInteger } from './format.ts'

export type ParsedIndex = { ok: true; index: number } | { ok: false; message: string }

/** An optional minus sign, then digits, or groups of three digits with the same separator between them. */
const WHOLE_NUMBER = /^([-−]?)(\d+|\d{1,3}(?:([,_ '’])\d{3})(?:\3\d{3})*)$/

/** Reads a whole number as an index, negative from the end, also outside the axis; null for any other text. */
export function readIndex(text: string, size: number): number | null {
  const match = WHOLE_NUMBER.exec(text.trim())
  if (match === null) return null
  const distance = Number((match[2] as string).replaceAll(/\D/g, ''))
  return match[1] === '' ? distance : size - distance
}

/** Parses an index along an axis of `size`: 1234, 1,234, or −1 for the last one. */
export function parseIndex(text: string, size: number): ParsedIndex {
  const index = readIndex(text, size)
  if (index === null) return { ok: false, message: 'Type a whole number: 12, or -1 for the last one.' }
  if (index >= 0 && index < size) return { ok: true, index }
  return {
    ok: false,
    message: `Type a number from 0 to ${formatInteger(Math.max(0, size - 1))}, or -1 for the last one.`,
  }
}
