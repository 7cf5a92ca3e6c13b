import { fileState, statIfThere } from '../system/file-stat.ts'
import { changedOnDisk } from '../system/handles.ts'
import type { ArrayReader } from '../storage/read/reader.ts'

/** Detects changes to an array's files during a scan. */
export function watchFiles(reader: ArrayReader): { check: () => void } {
  const files = reader.source.parts.flatMap(({ file }) => (file.offset === undefined ? [] : [file.path]))
  const before = files.map(stateOf)
  return {
    /** Throws `CHANGED_ON_DISK` if a file has changed since the scan began. */
    check() {
      for (const [i, path] of files.entries()) {
        const now = stateOf(path)
        if (now === '') throw changedOnDisk(path, 'it is gone')
        if (now !== before[i]) throw changedOnDisk(path, 'it was written to')
      }
    },
  }
}

/** Returns the `fileState` of a path; '' for a missing file. */
function stateOf(path: string): string {
  const stat = statIfThere(path)
  return stat === undefined ? '' : fileState(stat)
}
