import { messageOf, NumPackError } from '../format/errors.ts'

const MEANING: Record<string, string> = {
  EACCES: 'the permissions of the file or folder do not allow it',
  EPERM: 'the system does not allow it',
  EBUSY: 'another program has locked it',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open on this machine',
  EIO: 'the disk reports an error',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links go round in a circle',
  EROFS: 'the disk can only be read',
  EEXIST: 'something is there already',
  ENAMETOOLONG: 'the name is too long for this disk',
  ENOTEMPTY: 'the folder is not empty',
  ERR_INVALID_ARG_VALUE: 'it holds a character that no path can have',
}

/** On Windows, these mean mostly that another program has the file open. */
const MEANING_ON_WINDOWS: Record<string, string> = {
  EBUSY: 'another program has it open',
  EPERM: 'another program has it open, or you may not change it',
  EACCES: 'another program has it open, or you may not change it',
  UNKNOWN: 'another program has it open and mapped into its memory',
}

export const isErrno = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && codes.includes((error as NodeJS.ErrnoException).code ?? '')

/** Whether the disk or system can't make links. SMB, vboxsf, FUSE and 9p have codes of their own for that. */
export const isWithoutLinks = (error: unknown): boolean => isErrno(error, ...NO_LINKS)

const NO_LINKS = [
  'EPERM',
  'EACCES',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EINVAL',
  'EMLINK',
  'EPROTO',
  'EROFS',
  'EXDEV',
  'ENOTTY',
]

const errnoOf = (error: unknown): string => (error as NodeJS.ErrnoException | null)?.code ?? 'UNKNOWN'

const MEANINGS = process.platform === 'win32' ? { ...MEANING, ...MEANING_ON_WINDOWS } : MEANING

const meaningOf = (error: unknown): string =>
  MEANINGS[(error as NodeJS.ErrnoException | null)?.code ?? ''] ?? messageOf(error)

/** Returns `NOT_FOUND` if nothing is there, else `IO`. */
export function ioError(error: unknown, path: string, action: 'open' | 'read'): NumPackError {
  if (error instanceof NumPackError) return error
  const errno = errnoOf(error)
  if (errno === 'ENOENT') return new NumPackError('NOT_FOUND', `${path} is not there.`, { path, errno }, error)
  return new NumPackError('IO', `Can't ${action} ${path}: ${meaningOf(error)} (${errno}).`, { path, errno }, error)
}

const SHOWN_OF_LONG_PATH = 80

const NOT_UTF8 = ' If � stands for a byte that is not UTF-8, rename that file or folder.'

/** As `ioError`, for a path that a user gave: an impossible one is `NOT_FOUND` or `ARGUMENT`. */
export function givenPathError(error: unknown, path: string): NumPackError {
  if (error instanceof NumPackError) return error
  const isImpossible = isErrno(error, 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE')
  const shown = isImpossible && path.length > SHOWN_OF_LONG_PATH ? `${path.slice(0, SHOWN_OF_LONG_PATH)}…` : path
  const { code, message, details } = ioError(error, isImpossible ? JSON.stringify(shown) : path, 'open')
  const hint = path.includes('\uFFFD') && code === 'NOT_FOUND' ? NOT_UTF8 : ''
  const codeOfPath = isImpossible ? 'ARGUMENT' : isErrno(error, 'ENOTDIR') ? 'NOT_FOUND' : code
  return new NumPackError(codeOfPath, `${message}${hint}`, { ...details, path }, error)
}

/** Returns `NO_SPACE` or `IO` with the name of the folder. */
export function targetFolderError(error: unknown, folder: string): NumPackError {
  const { code, details } = writeError(error, folder, 'create')
  const problem = code === 'NO_SPACE' ? 'its disk is full' : `${meaningOf(error)} (${errnoOf(error)})`
  return new NumPackError(code, `Can't write into ${folder}: ${problem}. Choose another place.`, details, error)
}

export type WriteAction = 'create' | 'open' | 'write' | 'sync' | 'shorten' | 'rename' | 'remove'

/** Returns `NO_SPACE` or `IO`. */
export function writeError(error: unknown, path: string, action: WriteAction): NumPackError {
  if (error instanceof NumPackError) return error
  const errno = errnoOf(error)
  const details = { path, errno, action }
  if (isErrno(error, 'ENOSPC', 'EDQUOT')) {
    return new NumPackError('NO_SPACE', `No space left to ${action} ${path}. Free some and try again.`, details, error)
  }
  const meaning = isErrno(error, 'ENOENT') ? 'its folder is not there any more' : meaningOf(error)
  return new NumPackError(
    'IO',
    `Can't ${action} ${path}: ${meaning} (${errno}). See to that and try again.`,
    details,
    error,
  )
}

/** Does work on a path. Throws what `writeError` makes of its errors. */
export function doing<T>(action: WriteAction, path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw writeError(error, path, action)
  }
}

/** As `doing`, for asynchronous work. */
export async function doingAside<T>(action: WriteAction, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw writeError(error, path, action)
  }
}

/** Converts a system error of an unknown file. Returns null for other errors, which are faults of this program. */
export function systemError(error: unknown): NumPackError | null {
  if (error instanceof NumPackError) return error
  if (!(error instanceof Error)) return null
  const { errno, syscall, path = '' } = error as NodeJS.ErrnoException
  if (errno === undefined || syscall === undefined) return null
  if (isErrno(error, 'ENOSPC', 'EDQUOT')) return writeError(error, path, 'write')
  const code = errnoOf(error)
  const message = `The system refuses ${syscall}${path === '' ? '' : ` of ${path}`}: ${meaningOf(error)} (${code}). See to that and try again.`
  return new NumPackError('IO', message, { path, errno: code, action: syscall }, error)
}

/** As `writeError`, for a new name that a user chose: `EXISTS` if it is taken. */
export function targetError(error: unknown, path: string, action: WriteAction): NumPackError {
  if (!isErrno(error, 'EEXIST', 'ENOTEMPTY')) return writeError(error, path, action)
  return new NumPackError(
    'EXISTS',
    `${path} is there already. Choose another name or allow overwriting.`,
    { path },
    error,
  )
}
