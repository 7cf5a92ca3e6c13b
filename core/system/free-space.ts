import { statfsSync } from 'node:fs'

/**
 * Returns the free bytes of a folder's disk; null if the disk reports none. Network disks that don't know report 0 and
 * take what is written (gcsfuse, sshfs, rclone), and a full disk refuses it itself.
 */
export function freeBytes(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize || null
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return null
  }
}
