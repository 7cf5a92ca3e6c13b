import module from 'node:module'
import { join } from 'node:path'
import { NumPackError } from '../format/errors.ts'
import { cacheFolder } from './own-folders.mjs'
import { makePrivateFolder } from './private-folder.ts'

/** The folder in `cacheFolder()` for compiled code: run-main.mjs of electron knows this name, too. */
const NAME = 'compile'

/**
 * Makes the folder for compiled code and has this program and the threads that it starts reuse what lies there. Node runs
 * what it finds in such a folder: so it has to be one that no other user can write to, and there is none otherwise.
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
