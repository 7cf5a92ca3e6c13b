import { NumPackError } from '../format/errors.ts'
import type { ErrorBody } from './contract/types.ts'

/** Any thrown value as it travels to a window. What isn't a NumPackError is `IO`. */
export function errorBody(error: unknown): ErrorBody {
  if (error instanceof NumPackError) return { code: error.code, message: error.message, details: { ...error.details } }
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'IO', message: `Something failed that was not expected: ${message}`, details: {} }
}
