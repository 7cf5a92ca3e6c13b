import module from 'node:module'
import { join } from 'node:path'
import { NumPackError } from '../format/errors.ts'
import { cacheFolder, trustsNoGroup } from './own-folders.mjs'
import { makeTrustedFolder } from './private-folder.ts'

/** The folder in `cacheFolder()` for compiled code: run-main.mjs of electron knows this name, too. */
const NAME = 'compile'

/**
 * Makes the folder for compiled code and makes this process and its threads use it. Node executes what is in such a
 * folder, so no other user may be able to write to it, or may have been when it was found; if that can't be had, there is
 * no cache.
 */
export function makeCompileCache(): void {
  const cache = cacheFolder()
  if (cache === null) return
  const folder = join(cache, NAME)
  try {
    makeTrustedFolder(cache, trustsNoGroup)
    makeTrustedFolder(folder, trustsNoGroup)
    module.enableCompileCache(folder)
  } catch (error) {
    if (!(error instanceof NumPackError)) throw error
  }
}
