import { constants, openSync } from 'node:fs'
import { NO_WAIT } from './plain-file.ts'

/** Opens a file for background work; null if that fails. Only Linux lets others write to it and remove it meanwhile. */
export function openForThreadPool(path: string, flags = 0): number | null {
  if (process.platform !== 'linux') return null
  try {
    return openSync(path, constants.O_RDONLY | NO_WAIT | flags)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return null
  }
}
