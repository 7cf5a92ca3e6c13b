import { NumPackError } from '../../format/errors.ts'
import { LIMITS } from '../../format/limits.ts'

/** Throws `ARGUMENT` for more elements than are read for one answer. */
export function checkElements(request: string, elements: number, where = ''): void {
  if (elements <= LIMITS.windowElements) return
  throw new NumPackError(
    'ARGUMENT',
    `${request}: ${elements} elements are asked for${where}; at most ${LIMITS.windowElements} are read at once`,
    { elements, limit: LIMITS.windowElements },
  )
}
