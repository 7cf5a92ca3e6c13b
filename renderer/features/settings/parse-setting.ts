import { LIMITS } from '../../../core/format/limits.ts'

export type ParsedSetting<T> = { ok: true; value: T } | { ok: false; message: string }

const GIBIBYTE = 2 ** 30

/** Parses a number of threads; nothing means automatic. */
export function parseThreads(text: string): ParsedSetting<number | null> {
  const typed = text.trim()
  if (typed === '') return { ok: true, value: null }
  const value = Number(typed)
  if (/^\d+$/.test(typed) && value >= 1 && value <= LIMITS.workerThreads) return { ok: true, value }
  return { ok: false, message: `Type a whole number from 1 to ${LIMITS.workerThreads}, or nothing.` }
}

/** Parses gibibytes into bytes; nothing means automatic. */
export function parseCache(text: string): ParsedSetting<number | null> {
  const typed = text.trim()
  if (typed === '') return { ok: true, value: null }
  const bytes = Math.round(Number(typed) * GIBIBYTE)
  if (/^(\d+\.?\d*|\.\d+)$/.test(typed) && bytes >= LIMITS.leastCacheBytes && bytes <= LIMITS.cacheBytes)
    return { ok: true, value: bytes }
  const [least, most] = [LIMITS.leastCacheBytes, LIMITS.cacheBytes].map(limit => limit / GIBIBYTE)
  return { ok: false, message: `Type a number from ${least} to ${most}, such as 8 or 0.5, or nothing.` }
}

export const formatCache = (bytes: number): string => String(Number((bytes / GIBIBYTE).toPrecision(12)))

/** Parses the path of a folder, on any system; nothing means the folder of the store. */
export function parseFolder(text: string): ParsedSetting<string | null> {
  const typed = text.trim()
  if (typed === '') return { ok: true, value: null }
  if (/^(\/|[a-z]:[\\/]|\\\\)/i.test(typed)) return { ok: true, value: typed }
  return { ok: false, message: 'Type the whole path of a folder, such as /home/ada/backups, or nothing.' }
}
