import { LIMITS } from './limits.ts'

/** The file names inside a store, and which array names and paths are safe (docs/format.md 1.5). */

export const METADATA_FILE = 'metadata.npkm'

/** The file that writers lock. */
export const LOCK_FILE = '.numpack.lock'

/** A folder of a writer's own, through which it opens the lock file. */
export const isLockFolder = (name: string): boolean =>
  name.startsWith(`${LOCK_FILE}.`) && /^\d+-\d+-\d+$/.test(name.slice(LOCK_FILE.length + 1))

/** Names that Windows gives to devices, whatever the extension. */
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i

const utf8 = new TextEncoder()

/** The bitmap of an array: `deleted_<name>.npkb`. */
export const bitmapFileOf = (name: string): string => `deleted_${name}.npkb`

/** The array whose bitmap this file would be, or undefined for a file that is no bitmap. */
export const arrayOfBitmapFile = (file: string): string | undefined => /^deleted_(.*)\.npkb$/s.exec(file)?.[1]

/** Whether a file in a store's folder was written by NumPack as the content of an array. */
export const isArrayFile = (file: string): boolean =>
  /^data_.*\.(?:npkd|npkseg)$/s.test(file) || arrayOfBitmapFile(file) !== undefined

/** A segment in the folder of its array. */
const SEGMENT_FILE = /^data_[^/\\]*_segments\/seg_\d+\.npkd$/s

/**
 * Whether a path in a store is one that NumPack or this project gives to data. A record may name any other file of the
 * store's folder: that can be read, but it may be somebody's own, and is neither written to nor removed.
 */
export const isDataFile = (file: string): boolean =>
  /^data_[^/\\]*\.(?:npkd|npkseg)$/s.test(file) || SEGMENT_FILE.test(file)

/** Whether a file is one that NumPack has while it writes. */
export const isNumPackTemporary = (file: string): boolean =>
  /^metadata\.npkm\.tmp(?:\.|$)|^data_.*\.(?:npkd|npkseg)\.tmp$|^deleted_.*\.npkb\.tmp$/s.test(file)

/** Whether a file in a store's folder is what an interrupted write leaves behind. */
export const isLeftover = (file: string): boolean => file.endsWith('.tmp') || file.startsWith(`${METADATA_FILE}.tmp.`)

/** Why an array may not have this name, as the end of the sentence "its name ...", or null when it may. */
export function nameProblem(name: string): string | null {
  if (/[/\\]/.test(name)) return 'holds a path separator'
  if (name.includes('\0')) return 'holds a NUL character'
  if (name === '.' || name === '..') return 'is a path to a folder'
  if (!name.isWellFormed()) return 'holds half of a surrogate pair'
  const bytes = utf8.encode(name).length
  if (bytes > LIMITS.nameBytes) return `has ${bytes} bytes; at most ${LIMITS.nameBytes} are allowed`
  return null
}

/** What Windows refuses in the name of an array or its files, as the end of the sentence "its name ...", or null. */
export function windowsNameProblem(name: string): string | null {
  // oxlint-disable-next-line no-control-regex -- control characters are among what Windows refuses
  const refused = /[<>:"|?*\u0000-\u001f]/.exec(name)
  if (refused !== null) return `holds the character ${JSON.stringify(refused[0])}, which Windows refuses in file names`
  if (/[. ]$/.test(name)) return 'ends with a dot or a space, which Windows cuts off'
  if (WINDOWS_DEVICE.test(name)) return 'is the name of a Windows device'
  return null
}

/** Whether a file path written in a store goes through more folders than that of any data file or segment. */
export const liesTooDeep = (file: string): boolean => file.split(/[/\\]/).length > LIMITS.dataFileParts

/** Whether a file path written in a store stays inside the store's folder, symbolic links aside. */
export function staysInside(file: string): boolean {
  if (file === '' || file.includes('\0') || /^(?:[/\\]|[a-z]:)/i.test(file)) return false
  return !file.split(/[/\\]/).includes('..')
}
