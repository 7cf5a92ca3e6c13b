import { LIMITS } from './limits.ts'

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const lossyUtf8 = new TextDecoder('utf-8', { ignoreBOM: true })

interface DecodedText {
  readonly text: string
  /** False for bytes that are not UTF-8. */
  readonly valid: boolean
  readonly isCut: boolean
}

/** Decodes UTF-8; more than `LIMITS.textBytes` bytes are truncated and end with '…'. */
export function decodeText(bytes: Uint8Array): DecodedText {
  if (bytes.length > LIMITS.textBytes) {
    // Decoding as a stream drops a character that the cut divides.
    const beginning = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, LIMITS.textBytes), {
      stream: true,
    })
    return { text: `${beginning}…`, valid: true, isCut: true }
  }
  try {
    return { text: strictUtf8.decode(bytes), valid: true, isCut: false }
  } catch {
    return { text: lossyUtf8.decode(bytes), valid: false, isCut: false }
  }
}

export function excerpt(text: string): string {
  if (text.length <= LIMITS.quotedCharacters) return text
  return `${text.slice(0, LIMITS.quotedCharacters).replace(/[\ud800-\udbff]$/, '')}…`
}

/** Longest that a character becomes in JSON: `\u0001`. */
const ESCAPED = 6

/** Leaves out the middle of a text that takes more than `most` characters as JSON. */
export function shortenMiddle(text: string, most: number): string {
  if (text.length <= most && JSON.stringify(text).length <= most) return text
  const kept = Math.floor(most / ESCAPED / 2)
  const beginning = text.slice(0, kept).replace(/[\ud800-\udbff]$/, '')
  return `${beginning}…${text.slice(-kept).replace(/^[\udc00-\udfff]/, '')}`
}

/** Returns the first `LIMITS.warnings` sentences, and one that says how many more there are. */
export function firstFew(sentences: readonly string[], total: number = sentences.length): string[] {
  const first = sentences.slice(0, LIMITS.warnings)
  return total > first.length ? [...first, `${total - first.length} more like these`] : first
}
