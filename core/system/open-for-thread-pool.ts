import { constants, openSync } from 'node:fs'
import { NO_WAIT } from './plain-file.ts'

/**
 * Opens a file for work that Node's thread pool does in the background. Returns null if that fails, and on every system
 * but Linux: only there a sync does not block writers, and an open file can lose its name.
 */
export function openForThreadPool(path: string, flags = 0): number | null {
  if (process.platform !== 'linux') return null
  try {
    return openSync(path, constants.O_RDONLY | NO_WAIT | flags)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return null
  }
}
