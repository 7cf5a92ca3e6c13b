import { readdirSync } from 'node:fs'
import { atHeld } from './held-stores.ts'
import { ioError } from './io-error.ts'

/** Throws `NOT_FOUND` or `IO`. */
export function listFolder(path: string): string[] {
  try {
    return readdirSync(atHeld(path))
  } catch (error) {
    throw ioError(error, path, 'read')
  }
}
