import { close } from 'node:fs'
import { openForThreadPool } from './open-for-thread-pool.ts'
import { NO_FOLLOW } from './plain-file.ts'

const ignore = (): void => {}

/**
 * Calls `remove`, which unlinks `path`, at once. On Linux, an open descriptor keeps the blocks until Node's thread pool
 * closes it: freeing them takes a while (measured: 50 ms for 256 MB).
 */
export function unlinkAndFreeInBackground(path: string, remove: () => void): void {
  const fd = openForThreadPool(path, NO_FOLLOW)
  try {
    remove()
  } finally {
    if (fd !== null) close(fd, ignore)
  }
}
