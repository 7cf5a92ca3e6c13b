import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { encodeMetadata } from '../../format/metadata.ts'
import { isArrayFile, isNumPackTemporary, isSegmentsFolder, METADATA_FILE } from '../../format/names.ts'
import { accessOf } from '../../system/file-access.ts'
import { isTemporary, removeEmptyFolder, removeFile, replaceFile, tryToRemove } from '../../system/files.ts'
import { Patience } from '../../system/insist.ts'
import { HeldFolder } from '../../system/held-folder.ts'
import { WRITE_LOG_FILE } from '../read/write-log.ts'
import { listFolder } from '../../system/list-folder.ts'
import { withLock } from '../../system/lock.ts'
import type { Store } from '../read/store.ts'
import { incrementWriteCount } from '../read/write-counter.ts'
import { filesReplacedBy } from './save.ts'
import { finishReplacement } from './replace-files.ts'
import { commit, writing } from './transaction.ts'

export function remove(store: Store, name: string): void {
  writing(
    store,
    [name],
    session => {
      if (store.findRecord(name) === undefined) store.reader(name)
      removeAll(session, [name])
    },
    each => each === name,
  )
}

export function reset(store: Store): void {
  writing(
    store,
    null,
    session =>
      removeAll(
        session,
        store.records.map(record => record.name),
      ),
    () => true,
  )
}

function removeAll(session: Parameters<typeof commit>[0], names: readonly string[]): void {
  if (names.length === 0) return
  commit(session, { records: new Map(names.map(name => [name, null])), ...filesReplacedBy(session, names) })
}

/** Empties a store without reading it: removes only the files that NumPack makes (links, not their targets). */
export function dropEverything(folder: string, realPath: string): void {
  const metadata = join(folder, METADATA_FILE)
  const stat = lstatSync(metadata, { throwIfNoEntry: false })
  if (stat === undefined && !listFolder(folder).some(isArrayFile)) return
  withLock(folder, () => {
    finishReplacement(folder)
    replaceFile(metadata, encodeMetadata([]), stat?.isFile() === true ? accessOf(stat) : null)
    incrementWriteCount(realPath)
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (!entry.isDirectory()) {
        if (isArrayFileOrLeftover(entry.name)) removeFile(join(folder, entry.name))
      } else if (isSegmentsFolder(entry.name)) removeSegments(folder, entry.name)
    }
  })
}

export const isArrayFileOrLeftover = (file: string): boolean =>
  isArrayFile(file) || isTemporary(file) || file === WRITE_LOG_FILE || isNumPackTemporary(file)

function removeSegments(folder: string, name: string): void {
  using held = HeldFolder.open(folder, name)
  if (held === null) return
  const patience = new Patience()
  for (const file of held.entries()) if (/^seg_\d+\.npkd$/.test(file)) tryToRemove(held.at(file), patience)
  removeEmptyFolder(join(folder, name), patience)
}
