import { asNumPackError, type PlainError, plainError } from '../../format/errors.ts'

export const errorBody = (thrown: unknown): PlainError => plainError(asNumPackError(thrown))
