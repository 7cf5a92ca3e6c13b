import { type DType, itemsize } from '../../format/dtype.ts'
import { NumPackError } from '../../format/errors.ts'

/** Which dtype NumPy computes in, and which results it allows into an array (NumPy 2, NEP 50). */

/** Kinds in order of NumPy's 'same_kind' rule: each may become a later one. */
const KINDS = ['bool', 'uint', 'int', 'float', 'complex'] as const

export type DtypeKind = (typeof KINDS)[number]

export const kindOf = (dtype: DType): DtypeKind => KINDS.findLast(kind => dtype.startsWith(kind)) as DtypeKind

const precision = (dtype: DType): number => (kindOf(dtype) === 'complex' ? itemsize(dtype) / 2 : itemsize(dtype))

const FLOATS: Record<number, DType> = { 2: 'float16', 4: 'float32', 8: 'float64' }
const SIGNED: Record<number, DType> = { 1: 'int8', 2: 'int16', 4: 'int32', 8: 'int64' }

/** Returns NumPy's smallest float dtype: float16 for 8-bit integers, float64 for 32 and 64 bits. */
export function floatFor(dtype: DType): DType {
  const kind = kindOf(dtype)
  if (kind === 'float' || kind === 'complex') return FLOATS[precision(dtype)] as DType
  return kind === 'bool' ? 'float16' : (FLOATS[Math.min(8, 2 * itemsize(dtype))] as DType)
}

/** Same as `np.promote_types`. */
export function promote(a: DType, b: DType): DType {
  if (a === b) return a
  const [low, high] = KINDS.indexOf(kindOf(a)) <= KINDS.indexOf(kindOf(b)) ? [a, b] : [b, a]
  const lowKind = kindOf(low)
  const highKind = kindOf(high)
  if (lowKind === 'bool') return high
  if (lowKind === highKind) return itemsize(low) > itemsize(high) ? low : high
  if (highKind === 'int') {
    if (itemsize(high) > itemsize(low)) return high
    return SIGNED[2 * itemsize(low)] ?? 'float64'
  }
  const needed = Math.max(precision(high), precision(floatFor(low)))
  if (highKind === 'float') return FLOATS[needed] as DType
  return needed === 8 ? 'complex128' : 'complex64'
}

/** Same as `np.can_cast(from, to, 'same_kind')`. */
export const castsSameKind = (from: DType, to: DType): boolean =>
  KINDS.indexOf(kindOf(from)) <= KINDS.indexOf(kindOf(to))

export const castingError = (ufunc: string, from: DType, to: DType): NumPackError =>
  new NumPackError(
    'CASTING',
    `Cannot cast ufunc '${ufunc}' output from dtype('${from}') to dtype('${to}') with casting rule 'same_kind'. ` +
      'Save the array in another dtype first, or assign with set().',
    { ufunc, from, to },
  )
