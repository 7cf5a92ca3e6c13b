import { type FileStat, fileState } from '../system/file-stat.ts'

/**
 * As `fileState`, of a package: it is read as it was checked when it was opened, so that its ctime counts, too, which
 * nobody who writes to it can set back.
 */
export const packageState = (stat: FileStat): string => `${fileState(stat)}:${stat.ctimeNs}`
