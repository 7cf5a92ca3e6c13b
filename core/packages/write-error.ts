import { NumPackError } from '../format/errors.ts'
import { ioError, isErrno } from '../system/io-error.ts'

/** A system error met while writing: `NO_SPACE`, `EXISTS`, else as for reading. */
export function writeError(error: unknown, path: string): NumPackError {
  if (isErrno(error, 'ENOSPC', 'EDQUOT')) return noSpace(path, error)
  if (isErrno(error, 'EEXIST', 'ENOTEMPTY')) {
    return new NumPackError(
      'EXISTS',
      `${path} is there already. Choose another name or allow overwriting.`,
      { path },
      error,
    )
  }
  return ioError(error, path, 'open')
}

export const noSpace = (path: string, cause?: unknown, needed?: number): NumPackError => {
  const what = needed === undefined ? 'there is no space left on its disk' : `${needed} bytes don't fit on its disk`
  return new NumPackError(
    'NO_SPACE',
    `Can't write ${path}: ${what}. Free some space or choose another place.`,
    { path },
    cause,
  )
}
