import { type FileStat, fileState } from '../system/file-stat.ts'

/**
 * As `fileState`, for a package. Includes the ctime, which writers can't set back: a package is checked once, when it
 * is opened.
 */
export const packageState = (stat: FileStat): string => `${fileState(stat)}:${stat.ctimeNs}`
