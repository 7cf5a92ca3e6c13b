import { LIMITS } from './limits.ts'

export const METADATA_FILE = 'metadata.npkm'

export const LOCK_FILE = '.numpack.lock'

/** Says which process holds the lock (lock-holder.ts). */
export const HOLDER_FILE = `${LOCK_FILE}.holder`

/** A writer's own folder, through which it opens the lock file. */
export const isLockFolder = (name: string): boolean =>
  name.startsWith(`${LOCK_FILE}.`) && /^\d+-\d+-\d+$/.test(name.slice(LOCK_FILE.length + 1))

const utf8 = new TextEncoder()

export const bitmapFileOf = (name: string): string => `deleted_${name}.npkb`

export const arrayOfBitmapFile = (file: string): string | undefined => /^deleted_(.*)\.npkb$/s.exec(file)?.[1]

export const isArrayFile = (file: string): boolean =>
  /^data_.*\.(?:npkd|npkseg)$/s.test(file) || arrayOfBitmapFile(file) !== undefined

export const isSegmentList = (file: string): boolean => file.endsWith('.npkseg')

export const segmentsFolderOf = (name: string): string => `data_${name}_segments`

export const isSegmentsFolder = (name: string): boolean => /^data_.*_segments$/s.test(name)

const SEGMENT_FILE = /^data_[^/\\]*_segments\/seg_\d+\.npkd$/s

/** Whether this path is for data. Any other file is only read, because it may belong to someone else. */
export const isDataFile = (file: string): boolean =>
  /^data_[^/\\]*\.(?:npkd|npkseg)$/s.test(file) || SEGMENT_FILE.test(file)

export const isNumPackTemporary = (file: string): boolean =>
  /^metadata\.npkm\.tmp(?:\.|$)|^data_.*\.(?:npkd|npkseg)\.tmp$|^deleted_.*\.npkb\.tmp$/s.test(file)

export const isLeftover = (file: string): boolean => file.endsWith('.tmp') || file.startsWith(`${METADATA_FILE}.tmp.`)

/** Returns why an array may not have this name, as the end of the sentence "its name ...", or null if it may. */
export function nameProblem(name: string): string | null {
  if (/[/\\]/.test(name)) return 'holds a path separator'
  if (name.includes('\0')) return 'holds a NUL character'
  if (name === '.' || name === '..') return 'is a path to a folder'
  if (!name.isWellFormed()) return 'holds half of a surrogate pair'
  const bytes = utf8.encode(name).length
  if (bytes > LIMITS.nameBytes) return `has ${bytes} bytes; at most ${LIMITS.nameBytes} are allowed`
  return null
}

export const liesTooDeep = (file: string): boolean => file.split(/[/\\]/).length > LIMITS.dataFileParts

/** Whether a path in a store stays inside the store's folder, symbolic links aside. */
export function staysInside(file: string): boolean {
  if (file === '' || file.includes('\0') || /^(?:[/\\]|[a-z]:)/i.test(file)) return false
  return !file.split(/[/\\]/).includes('..')
}
