/**
 * Number of changes that this process made to each store and array. A file that is replaced twice within one tick of the
 * file system's clock can look like the first one: same inode, size and time.
 */
const counts = new Map<string, number>()

const keyOf = (folder: string, array: string): string => `${folder}\0${array}`

/** Counts a change of an array; without `array`, of the store's list of arrays. */
export function incrementWriteCount(folder: string, array = ''): void {
  const key = keyOf(folder, array)
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** Returns how often `incrementWriteCount` was called with these arguments. */
export const getWriteCount = (folder: string, array = ''): number => counts.get(keyOf(folder, array)) ?? 0
