import { asNumPackError, type PlainError, plainError } from '../../format/errors.ts'

/** Any thrown value as it travels to a window. */
export const errorBody = (thrown: unknown): PlainError => plainError(asNumPackError(thrown))
