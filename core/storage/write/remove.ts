import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { encodeMetadata } from '../../format/metadata.ts'
import { isArrayFile, isLeftover, METADATA_FILE } from '../../format/names.ts'
import { removeEmptyFolder, removeFile, replaceFile } from '../files.ts'
import { withLock } from '../lock.ts'
import type { Store } from '../store.ts'
import { noteWrite } from '../writes.ts'
import { forgotten } from './save.ts'
import { settle } from './together.ts'
import { commit, writing } from './transaction.ts'

/** Takes an array and its files away, a damaged one too. Throws `NOT_FOUND`. */
export function remove(store: Store, name: string): void {
  writing(store, session => {
    if (!store.records.some(record => record.name === name)) store.reader(name)
    removeAll(session, [name])
  })
}

/** Takes every array away. */
export function reset(store: Store): void {
  writing(store, session =>
    removeAll(
      session,
      store.records.map(record => record.name),
    ),
  )
}

function removeAll(session: Parameters<typeof commit>[0], names: readonly string[]): void {
  if (names.length === 0) return
  commit(session, { records: new Map(names.map(name => [name, null])), ...forgotten(session, names) })
}

/**
 * Makes an empty store of whatever lies in a folder, without reading it first: for `dropIfExists`. Removes NumPack's
 * own files and nothing else.
 */
export function dropEverything(folder: string, realPath: string): void {
  if (!existsSync(join(folder, METADATA_FILE)) && !readdirSync(folder).some(isArrayFile)) return
  withLock(folder, () => {
    settle(folder)
    replaceFile(join(folder, METADATA_FILE), encodeMetadata([]))
    noteWrite(realPath)
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (/^data_.*_segments$/s.test(entry.name) && entry.isDirectory()) removeSegments(path)
      else if (!entry.isDirectory() && (isArrayFile(entry.name) || isLeftover(entry.name))) removeFile(path)
    }
  })
}

function removeSegments(folder: string): void {
  for (const file of readdirSync(folder)) if (/^seg_\d+\.npkd$/.test(file)) removeFile(join(folder, file))
  removeEmptyFolder(folder)
}
