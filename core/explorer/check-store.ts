import { NumPackError } from '../format/errors.ts'
import type { ErrorBody } from './contract/types.ts'
import { errorBody } from './error-body.ts'
import { isStoreFolder, resolveStorePath } from './store-path.ts'

/** Why a path can't be opened as a store, or undefined when it can. Opens it and closes it again. */
export function checkStore(path: string): ErrorBody | undefined {
  try {
    const folder = resolveStorePath(path)
    if (!isStoreFolder(folder))
      throw new NumPackError('NOT_A_STORE', `${folder} is no NumPack store: there is no metadata.npkm in it.`, { path })
    return undefined
  } catch (error) {
    return errorBody(error)
  }
}
