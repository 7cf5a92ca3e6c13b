import { closeSync, openSync, readSync } from 'node:fs'

interface ArchiveEntry {
  size: number
  /** Counts from the end of the header; absent for files beside the archive. */
  offset?: string
}

interface ArchiveFolder {
  files: Record<string, ArchiveFolder | ArchiveEntry>
}

interface Archive {
  root: ArchiveFolder
  read: (position: number, length: number) => Buffer
  start: number
}

/** Opens an asar archive: two pickled numbers, then a pickled JSON header (https://github.com/electron/asar#format). */
function withArchive<T>(path: string, use: (archive: Archive) => T): T {
  const file = openSync(path, 'r')
  const read = (position: number, length: number): Buffer => {
    const bytes = Buffer.alloc(length)
    readSync(file, bytes, 0, length, position)
    return bytes
  }
  try {
    const sizes = read(0, 16)
    const root = JSON.parse(read(16, sizes.readUInt32LE(12)).toString()) as ArchiveFolder
    return use({ root, read, start: 8 + sizes.readUInt32LE(4) })
  } finally {
    closeSync(file)
  }
}

export const listArchive = (path: string): string[] => withArchive(path, ({ root }) => listFolder(root, ''))

const listFolder = (folder: ArchiveFolder, prefix: string): string[] =>
  Object.entries(folder.files).flatMap(([name, entry]) =>
    'files' in entry ? listFolder(entry, `${prefix}${name}/`) : [`${prefix}${name}`],
  )

export const readArchived = (path: string, name: string): string =>
  withArchive(path, ({ root, read, start }) => {
    let entry: ArchiveFolder | ArchiveEntry | undefined = root
    for (const part of name.split('/')) entry = entry !== undefined && 'files' in entry ? entry.files[part] : undefined
    if (entry === undefined || 'files' in entry || entry.offset === undefined) throw new Error(`no ${name} in ${path}`)
    return read(start + Number(entry.offset), entry.size).toString()
  })
