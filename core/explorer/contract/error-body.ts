import { asNumPackError, plainError } from '../../format/errors.ts'
import type { ErrorBody } from './types.ts'

/** Any thrown value as it travels to a window. */
export const errorBody = (thrown: unknown): ErrorBody => plainError(asNumPackError(thrown))
