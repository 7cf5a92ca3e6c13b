import { close } from 'node:fs'
import { openForThreadPool } from './open-for-thread-pool.ts'
import { NO_FOLLOW } from './plain-file.ts'

const ignore = (): void => {}

/** Runs `remove` and frees the blocks in Node's thread pool: that takes a while (measured: 50 ms for 256 MB). */
export function unlinkInBackground(path: string, remove: () => void): void {
  const fd = openForThreadPool(path, NO_FOLLOW)
  try {
    remove()
  } finally {
    if (fd !== null) close(fd, ignore)
  }
}
