import { dirname, join } from 'node:path'
import { parseForeignJson } from '../../format/bounded.ts'
import { NumPackError } from '../../format/errors.ts'
import { LIMITS } from '../../format/limits.ts'
import { randomTemporaryName, replaceFile } from '../../system/files.ts'
import { handles } from '../../system/handles.ts'
import { isOwn, makePrivateFolder } from '../../system/private-folder.ts'
import { renameDamaged } from '../../system/rename-damaged.ts'

export const SETTINGS_FILE = 'settings.json'

/** The content of the file, keys of newer versions included. */
export type SettingsObject = Readonly<Record<string, unknown>>

interface ReadSettings {
  /** null if the file held no settings and was renamed. */
  readonly content: SettingsObject | null
  readonly renamed: string | null
}

/**
 * Reads the file of settings; a missing file counts as empty. A file of more than `LIMITS.settingsBytes` bytes, or without
 * a JSON object, is renamed, and so is what is no file. Throws `IO`, also for a file of another user, `PATH_ESCAPE` for a
 * link, or a system error.
 */
export function readSettingsFile(path: string): ReadSettings {
  makePrivateFolder(dirname(path))
  try {
    const { bytes, stat } = handles.readFile(path, LIMITS.settingsBytes)
    // Backups would go where somebody else says.
    if (!isOwn(stat)) throw isForeign(path, stat.uid)
    const content = parseForeignJson(bytes)
    if (typeof content === 'object' && content !== null && !Array.isArray(content))
      return { content: content as SettingsObject, renamed: null }
  } catch (error) {
    if (hasCode(error, 'NOT_FOUND')) return { content: {}, renamed: null }
    if (hasCode(error, 'PATH_ESCAPE')) throw isLink(path)
    if (error instanceof NumPackError && error.code !== 'DAMAGED') throw error
  }
  return { content: null, renamed: renameDamaged(path, 'broken') }
}

/** Replaces the file of settings as a whole. Throws `IO` or `NO_SPACE`, and `ARGUMENT` for too many bytes. */
export function writeSettingsFile(path: string, settings: SettingsObject): void {
  const bytes = Buffer.from(`${JSON.stringify(settings, null, 2)}\n`)
  if (bytes.length > LIMITS.settingsBytes)
    throw new NumPackError('ARGUMENT', `${path} would have more than ${LIMITS.settingsBytes} bytes.`, { path })
  const folder = dirname(path)
  makePrivateFolder(folder)
  replaceFile(path, bytes, 'owner', join(folder, randomTemporaryName()))
}

const hasCode = (error: unknown, code: string): boolean => error instanceof NumPackError && error.code === code

const isLink = (path: string): NumPackError =>
  new NumPackError('PATH_ESCAPE', `${path} is a symbolic link, which is not followed. Put a file in its place.`, {
    path,
  })

const isForeign = (path: string, uid: number): NumPackError =>
  new NumPackError('IO', `${path} belongs to another user (${uid}). Remove it.`, { path })
