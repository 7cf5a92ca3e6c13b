/** What went wrong, for programs. The message is for people. */
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

/**
 * The one error class of the library. The message says what happened, to which file, and what to do;
 * `details` holds the same as plain JSON values (path, array, axis, index, size, field, offset, ...).
 */
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
