import { LIMITS } from './limits.ts'

/** Text in files, in bounded memory. */

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const lossyUtf8 = new TextDecoder('utf-8', { ignoreBOM: true })

interface DecodedText {
  readonly text: string
  /** False for bytes that are not UTF-8. */
  readonly valid: boolean
  /** True when only the beginning was decoded. */
  readonly isCut: boolean
}

/** Decodes UTF-8; of more than `LIMITS.textBytes` bytes only the beginning, which ends with '…'. */
export function decodeText(bytes: Uint8Array): DecodedText {
  if (bytes.length > LIMITS.textBytes) {
    // As part of a stream, a character that the cut divides is left out.
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

/** The beginning of a text from a file, for a message that quotes it. */
export function excerpt(text: string): string {
  if (text.length <= LIMITS.quotedCharacters) return text
  return `${text.slice(0, LIMITS.quotedCharacters).replace(/[\ud800-\udbff]$/, '')}…`
}

/** The first `LIMITS.warnings` of some sentences, and one that says how many more there are. */
export function firstFew(sentences: readonly string[], total: number = sentences.length): string[] {
  const first = sentences.slice(0, LIMITS.warnings)
  return total > first.length ? [...first, `${total - first.length} more like these`] : first
}
