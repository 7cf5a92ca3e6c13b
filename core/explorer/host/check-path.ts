import { openStore } from '../../storage/read/store.ts'
import type { ErrorBody } from '../contract/types.ts'
import { errorBody } from '../contract/error-body.ts'
import { findPath, isStoreFolder } from '../engine/store-path.ts'

/** Returns why a path can't be a store or a package, or undefined. Only looks for its files. */
export function checkPath(path: string): ErrorBody | undefined {
  try {
    const found = findPath(path)
    // Without metadata this throws the reason.
    if (found.kind === 'store' && !isStoreFolder(found.path)) openStore(found.path, { readOnly: true }).close()
    return undefined
  } catch (error) {
    return errorBody(error)
  }
}
