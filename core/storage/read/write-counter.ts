/**
 * Counts this process's writes: a file replaced twice within a tick of the disk's clock may keep inode, size and time.
 */
const counts = new Map<string, number>()

const keyOf = (folder: string, array: string): string => `${folder}\0${array}`

export function incrementWriteCount(folder: string, array = ''): void {
  const key = keyOf(folder, array)
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

export const getWriteCount = (folder: string, array = ''): number => counts.get(keyOf(folder, array)) ?? 0
