import { statfsSync } from 'node:fs'

/** Returns null if the disk doesn't know. Some network disks report 0 but take more (gcsfuse, sshfs, rclone). */
export function freeBytes(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize || null
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return null
  }
}
