/** Machine-readable cause of an error. */
export type ErrorCode =
  | 'ARGUMENT'
  | 'NOT_FOUND'
  | 'EXISTS'
  | 'NOT_A_STORE'
  | 'NEWER_VERSION'
  | 'DAMAGED'
  | 'INDEX'
  | 'SHAPE'
  | 'DTYPE'
  | 'CASTING'
  | 'NAME'
  | 'CLOSED'
  | 'READ_ONLY'
  | 'STRICT_CONTEXT'
  | 'ABORTED'
  | 'CHECKSUM'
  | 'NOT_A_PACKAGE'
  | 'PATH_ESCAPE'
  | 'CHANGED_ON_DISK'
  | 'NOT_READY'
  | 'NO_SPACE'
  | 'IO'

/** The library's only error class. `details` has the facts of the message as JSON values (path, array, axis, ...). */
export class NumPackError extends Error {
  readonly code: ErrorCode
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, message: string, details: Record<string, unknown> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'NumPackError'
    this.code = code
    this.details = details
  }
}

/** A NumPackError as plain data, for another thread, a window or a report. */
export type PlainError = Pick<NumPackError, 'code' | 'message' | 'details'>

export const plainError = ({ code, message, details }: NumPackError): PlainError => ({ code, message, details })

export const fromPlainError = ({ code, message, details }: PlainError): NumPackError =>
  new NumPackError(code, message, details)

/** Returns the message of whatever was thrown. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))

/** Starts the message of an error that this program did not foresee: a bug in it. */
export const UNEXPECTED_ERROR = 'Something failed that was not expected'

export function asNumPackError(thrown: unknown): NumPackError {
  if (thrown instanceof NumPackError) return thrown
  return new NumPackError('IO', `${UNEXPECTED_ERROR}: ${messageOf(thrown)}`, {}, thrown)
}
