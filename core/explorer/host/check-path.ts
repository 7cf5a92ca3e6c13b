import { getPackageInfo } from '../../packages/index.ts'
import { openStore } from '../../storage/read/store.ts'
import type { ErrorBody } from '../contract/types.ts'
import { errorBody } from '../contract/error-body.ts'
import { findPath } from '../engine/store-path.ts'

/** Why a path can't be opened as a store or a package, or undefined when it can. Opens it and closes it again. */
export async function checkPath(path: string): Promise<ErrorBody | undefined> {
  try {
    const found = findPath(path)
    if (found.kind === 'package') await getPackageInfo(found.path)
    else openStore(found.path, { readOnly: true }).close()
    return undefined
  } catch (error) {
    return errorBody(error)
  }
}
