import { openStore } from '../storage/store.ts'
import type { ErrorBody } from './contract/types.ts'
import { errorBody } from './error-body.ts'
import { resolveStorePath } from './store-path.ts'

/** Why a path can't be opened as a store, or undefined when it can. Opens it and closes it again. */
export function checkStore(path: string): ErrorBody | undefined {
  try {
    openStore(resolveStorePath(path), { readOnly: true }).close()
    return undefined
  } catch (error) {
    return errorBody(error)
  }
}
