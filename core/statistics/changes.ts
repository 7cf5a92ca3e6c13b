import { fileState, statIfThere } from '../system/file-stat.ts'
import { changedOnDisk } from '../system/handles.ts'
import type { ArrayReader } from '../storage/read/reader.ts'

/** Notices when the files of an array change while it is being scanned. */
export function watchFiles(reader: ArrayReader): { check: () => void } {
  const files = reader.source.parts.flatMap(({ file }) => (file.offset === undefined ? [] : [file.path]))
  const before = files.map(stateOf)
  return {
    /** Throws `CHANGED_ON_DISK` when one of them is not what it was in the beginning. */
    check() {
      for (const [i, path] of files.entries()) {
        const now = stateOf(path)
        if (now === '') throw changedOnDisk(path, 'it is gone')
        if (now !== before[i]) throw changedOnDisk(path, 'it was written to')
      }
    },
  }
}

/** `fileState` of a path; '' where there is none. */
function stateOf(path: string): string {
  const stat = statIfThere(path)
  return stat === undefined ? '' : fileState(stat)
}
