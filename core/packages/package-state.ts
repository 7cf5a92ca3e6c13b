import { type FileStat, fileState } from '../system/file-stat.ts'

/** As `fileState`, but with the ctime, which writers can't set back: a package is checked once, on opening. */
export const packageState = (stat: FileStat): string => `${fileState(stat)}:${stat.ctimeNs}`
