/**
 * How often this process has changed a store or one of its arrays. A file that was replaced twice within one tick of
 * the file system's clock can look like the first one: same inode, size and time.
 */
const counts = new Map<string, number>()

const keyOf = (folder: string, array: string): string => `${folder}\0${array}`

/** Notes a change; without `array`, of the store's list of arrays. */
export function noteWrite(folder: string, array = ''): void {
  const key = keyOf(folder, array)
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** How often `noteWrite` was called for the same. */
export const writesTo = (folder: string, array = ''): number => counts.get(keyOf(folder, array)) ?? 0
