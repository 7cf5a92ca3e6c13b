import { asNumPackError, type PlainError, plainError } from '../../format/errors.ts'

/** Converts any thrown value to the form that is sent to a window. */
export const errorBody = (thrown: unknown): PlainError => plainError(asNumPackError(thrown))
