import { NumPackError } from '../format/errors.ts'

/** What the usual system errors mean for a user. */
const MEANING: Record<string, string> = {
  EACCES: 'the permissions of the file or folder do not allow it',
  EPERM: 'the system does not allow it',
  EBUSY: 'another program has locked it',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open on this machine',
  EIO: 'the disk reports an error',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links go round in a circle',
  EROFS: 'the disk can only be read',
  EEXIST: 'something is there already',
  ENAMETOOLONG: 'the name is too long for this disk',
}

/** Whether an error is the system error of one of these names. */
export const isErrno = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && codes.includes((error as NodeJS.ErrnoException).code ?? '')

/** What a system error means for a user. */
export const errnoMeaning = (error: unknown): string =>
  MEANING[(error as NodeJS.ErrnoException).code ?? ''] ?? (error instanceof Error ? error.message : String(error))

/** A system error as a NumPackError that names the path: `NOT_FOUND` where nothing is there, else `IO`. */
export function ioError(error: unknown, path: string, action: 'open' | 'read'): NumPackError {
  if (error instanceof NumPackError) return error
  const errno = (error as NodeJS.ErrnoException).code ?? 'UNKNOWN'
  if (errno === 'ENOENT') return new NumPackError('NOT_FOUND', `${path} is not there.`, { path, errno }, error)
  return new NumPackError('IO', `Can't ${action} ${path}: ${errnoMeaning(error)} (${errno}).`, { path, errno }, error)
}
