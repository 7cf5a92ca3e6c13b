import module from 'node:module'
import { join } from 'node:path'
import { NumPackError } from '../format/errors.ts'
import { cacheFolder, trustsNoGroup } from './own-folders.mjs'
import { makeTrustedFolder } from './private-folder.ts'

/** run-main.mjs knows this name, too. */
const NAME = 'compile'

/** Makes a cache for compiled code, unless another user may or could write to it: Node executes what is in it. */
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
