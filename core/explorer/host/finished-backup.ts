import type { ExplorerEvent, Params } from '../contract/types.ts'

/** Returns the backup that an event says is made and verified, or null. */
export function finishedBackup(event: ExplorerEvent): Params<'rememberBackup'> | null {
  if (event.type !== 'taskChanged') return null
  const { kind, params, result, ended } = event.task
  if (kind !== 'backup' || result === null || ended === null) return null
  const { path, originalSize, packageSize } = result
  return { source: params.source, backup: { path, originalSize, packageSize, verified: ended } }
}
