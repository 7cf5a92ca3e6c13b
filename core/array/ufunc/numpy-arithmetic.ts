import type { DType, Scalar, TypedArray } from '../../format/dtype.ts'
import { bytesOf, componentsOf, elementsOf } from '../../format/elements.ts'
import { NumPackError } from '../../format/errors.ts'
import { type BinaryOp, binary } from './binary.ts'
import { arrayOperand, scalarOperand } from './operand.ts'
import { kindOf } from './promotion.ts'
import { simdBlock } from './simd.ts'
import { UNARY_OPS, type UnaryOp, unary } from './unary.ts'

/** One line of `core/oracle/generate_arithmetic.py`. */
export interface ArithmeticCase {
  readonly op: BinaryOp | UnaryOp
  readonly dtype: DType
  readonly before: string
  readonly after?: string
  readonly error?: string
  readonly scalar?: boolean | number | string | [number, number]
  readonly operand?: DType
  readonly values?: string
}

const CODES: Record<string, string> = {
  UFuncTypeError: 'CASTING',
  _UFuncOutputCastingError: 'CASTING',
  _UFuncNoLoopError: 'CASTING',
  TypeError: 'CASTING',
  OverflowError: 'ARGUMENT',
  ValueError: 'ARGUMENT',
}

const decode = (dtype: DType, text: string): TypedArray =>
  elementsOf(dtype, Uint8Array.from(Buffer.from(text, 'base64')))

function scalarOf(value: NonNullable<ArithmeticCase['scalar']>): Scalar {
  if (Array.isArray(value)) return { re: value[0], im: value[1] }
  if (typeof value !== 'string') return value
  if (value === 'nan') return Number.NaN
  return value.endsWith('inf') ? Number.POSITIVE_INFINITY : BigInt(value)
}

/** Functions whose last bits may differ from NumPy's, because math libraries round them differently. */
const LIBRARY = new Set(['power', 'exp', 'log', 'log2', 'log10', 'sin', 'cos'])

/** Allowed difference in units in the last place, of the larger part of a complex number. */
const ULP = { real: 2, float32: 4, complex: 64 }

function toleranceOf({ op, dtype }: ArithmeticCase): number {
  if (kindOf(dtype) === 'complex') return ['add', 'subtract', 'negative', 'rint'].includes(op) ? 0 : ULP.complex
  if (kindOf(dtype) !== 'float' || !LIBRARY.has(op)) return 0
  return dtype === 'float32' ? ULP.float32 : ULP.real
}

const EPSILON: Partial<Record<DType, number>> = {
  float16: 2 ** -10,
  float32: 2 ** -23,
  float64: 2 ** -52,
  complex64: 2 ** -23,
  complex128: 2 ** -52,
}

const TINIEST: Partial<Record<DType, number>> = {
  float16: 2 ** -24,
  float32: 2 ** -149,
  float64: 2 ** -1074,
  complex64: 2 ** -149,
  complex128: 2 ** -1074,
}

/** Returns how much a complex power amplifies the rounding of its logarithm: about |exponent × log(base)|. */
function amplification(test: ArithmeticCase, before: TypedArray, element: number): number {
  if (test.op !== 'power' || kindOf(test.dtype) !== 'complex') return 1
  const { dtype, data } = operandOf(test)
  const width = componentsOf(dtype)
  const index = width * (element % (data.length / width))
  const exponent = Math.hypot(Number(data[index]), width === 2 ? Number(data[index + 1]) : 0)
  const [re, im] = [Number(before[2 * element]), Number(before[2 * element + 1])]
  return 1 + exponent * Math.hypot(Math.log(Math.hypot(re, im)), Math.atan2(im, re))
}

function same(
  test: ArithmeticCase,
  before: TypedArray,
  ours: TypedArray,
  numpys: TypedArray,
  element: number,
): boolean {
  const width = componentsOf(test.dtype)
  const tolerance = toleranceOf(test) * amplification(test, before, element)
  const at = (data: TypedArray): number[] =>
    Array.from({ length: width }, (_, part) => Number(data[width * element + part]))
  const exact = at(ours).every((value, part) => Object.is(value, at(numpys)[part]))
  if (kindOf(test.dtype) !== 'float' && kindOf(test.dtype) !== 'complex') return ours[element] === numpys[element]
  if (exact) return true
  if (tolerance === 0) return false
  const size = Math.max(...at(numpys).map(Math.abs))
  // If a complex result overflows, math libraries differ in the infinity or NaN they return.
  if (!Number.isFinite(size)) {
    return kindOf(test.dtype) === 'complex' && (test.op === 'power' || !at(ours).every(Number.isFinite))
  }
  const allowed = tolerance * Math.max(size * (EPSILON[test.dtype] as number), TINIEST[test.dtype] as number)
  return at(ours).every((value, part) => Math.abs(value - (at(numpys)[part] as number)) <= allowed)
}

/** Describes our difference from NumPy's result, or returns null. Tries ordinary memory and that of SIMD. */
export const describeDifference = (test: ArithmeticCase): string | null =>
  faultIn(test, decode(test.dtype, test.before)) ?? faultIn(test, inSimdMemory(test))

function inSimdMemory({ dtype, before }: ArithmeticCase): TypedArray {
  const bytes = Buffer.from(before, 'base64')
  const block = simdBlock().subarray(0, bytes.length)
  block.set(bytes)
  return elementsOf(dtype, block)
}

function faultIn(test: ArithmeticCase, ours: TypedArray): string | null {
  const { op, dtype } = test
  const name = `${dtype} ${op} ${test.operand ?? JSON.stringify(test.scalar) ?? ''}`
  try {
    const isUnary = (UNARY_OPS as readonly string[]).includes(op)
    const run = isUnary ? unary(op as UnaryOp, dtype) : binary(op as BinaryOp, dtype, operandOf(test))
    run(ours, 0)
  } catch (error) {
    if (!(error instanceof NumPackError)) throw error
    const unchanged = Buffer.from(bytesOf(ours)).equals(Buffer.from(test.before, 'base64'))
    if (!unchanged) return `${name}: refused (${error.code}) after changing elements`
    if (test.error === undefined) return `${name}: refused (${error.message}), NumPy computes it`
    return CODES[test.error] === error.code ? null : `${name}: ${error.code} where NumPy raises ${test.error}`
  }
  if (test.after === undefined) return `${name}: computed, where NumPy raises ${test.error}`
  const numpys = decode(dtype, test.after)
  const before = decode(dtype, test.before)
  for (let i = 0; i < ours.length / componentsOf(dtype); i++) {
    if (same(test, before, ours, numpys, i)) continue
    const show = (data: TypedArray): string =>
      Array.from({ length: componentsOf(dtype) }, (_, part) => String(data[componentsOf(dtype) * i + part])).join(' ')
    return `${name}: element ${i}, ${show(before)}: ${show(ours)} instead of ${show(numpys)}`
  }
  return null
}

function operandOf(test: ArithmeticCase): ReturnType<typeof arrayOperand> {
  if (test.operand !== undefined) return arrayOperand(test.operand, decode(test.operand, test.values as string))
  return scalarOperand(test.op, test.dtype, scalarOf(test.scalar as NonNullable<ArithmeticCase['scalar']>))
}
