import type { BigIntStats } from 'node:fs'

/** What differs when a file was replaced, or written to: to the tick of the file system's clock, some milliseconds. */
export const contentIdentity = ({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string =>
  `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`
