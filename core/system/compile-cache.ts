import module from 'node:module'
import { join } from 'node:path'
import { NumPackError } from '../format/errors.ts'
import { cacheFolder } from './own-folders.mjs'
import { makePrivateFolder } from './private-folder.ts'

/** The folder in `cacheFolder()` for compiled code: run-main.mjs of electron knows this name, too. */
const NAME = 'compile'

/**
 * Makes the folder for compiled code and makes this process and its threads use it. Node executes what is in such a
 * folder, so no other user may be able to write to it; if that can't be had, there is no cache.
 */
export function makeCompileCache(): void {
  const cache = cacheFolder()
  if (cache === null) return
  const folder = join(cache, NAME)
  try {
    makePrivateFolder(folder)
    module.enableCompileCache(folder)
  } catch (error) {
    if (!(error instanceof NumPackError)) throw error
  }
}
