import { closeSync, openSync, readSync } from 'node:fs'

interface Folder {
  files: Record<string, Folder | { size: number; unpacked?: boolean }>
}

/**
 * The paths of all files in an asar archive: two pickled numbers, then a pickled JSON header
 * (https://github.com/electron/asar#format).
 */
export function listArchive(archive: string): string[] {
  const file = openSync(archive, 'r')
  try {
    const sizes = Buffer.alloc(16)
    readSync(file, sizes, 0, sizes.length, 0)
    const header = Buffer.alloc(sizes.readUInt32LE(12))
    readSync(file, header, 0, header.length, sizes.length)
    return listFolder(JSON.parse(header.toString()) as Folder, '')
  } finally {
    closeSync(file)
  }
}

const listFolder = (folder: Folder, prefix: string): string[] =>
  Object.entries(folder.files).flatMap(([name, entry]) =>
    'files' in entry ? listFolder(entry, `${prefix}${name}/`) : [`${prefix}${name}`],
  )
