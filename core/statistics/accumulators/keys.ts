import { type DType, itemsize } from '../../format/dtype.ts'

/**
 * Elements in their order, as whole numbers, and the bins that a first scan counts them in.
 *
 * A key is an element as an unsigned integer of its dtype's size that is greater where the element is: integers moved by
 * half their range, floats with the sign's bit flipped (positive) or all of them (negative). A bin is a run of keys. dtypes
 * of up to 16 bits have a bin a key. float32 bins are the upper 16 bits of a key: 128 a power of two. float64 bins are 256 a
 * power of two from 2^-64 to 2^64, what lies beyond in the bins at the ends. 32- and 64-bit integers have 512 bins a power
 * of two: each number up to 1024 has its own. There are at most 65,536 bins, in ascending order.
 */
export interface Keys {
  readonly bins: number
  /** The first and the last key of a bin. */
  bounds(bin: number): readonly [bigint, bigint]
  keyOf(value: number | bigint): bigint
  valueOf(key: bigint): number | bigint
}

/** dtypes that one element is a real number of. bool is 0 and 1. */
export type RealDType = Exclude<DType, 'complex64' | 'complex128'>

/** The dtype of the numbers that figures are of: float64 for magnitudes and angles of complex ones. */
export const realDType = (dtype: DType): RealDType =>
  dtype === 'complex64' || dtype === 'complex128' ? 'float64' : dtype

/** Whether a dtype has so few values that each is counted. */
export const isCounted = (dtype: RealDType): boolean => itemsize(dtype) <= 2

/** Whether float32 holds all elements of a dtype. */
export const isNarrow = (dtype: RealDType): boolean => isCounted(dtype) || dtype === 'float32'

export const isFloat = (dtype: RealDType): boolean => dtype.startsWith('float')

/** Half of a table of bins: one for each sign. */
const HALF = 32_768
/** float64: the exponent and 8 bits of the fraction, of 2^-64. */
export const FLOAT64_BASE = (1023 - 64) << 8
/** Bits of the fraction that integers' bins keep. */
const INTEGER_BITS = 9

const view = new DataView(new ArrayBuffer(8))

/** The bits of a float in its dtype's size. */
function bitsOf(dtype: RealDType, value: number): bigint {
  if (dtype === 'float16') view.setFloat16(0, value)
  else if (dtype === 'float32') view.setFloat32(0, value)
  else view.setFloat64(0, value)
  if (dtype === 'float16') return BigInt(view.getUint16(0))
  return dtype === 'float32' ? BigInt(view.getUint32(0)) : view.getBigUint64(0)
}

function floatOf(dtype: RealDType, bits: bigint): number {
  if (dtype === 'float16') {
    view.setUint16(0, Number(bits))
    return view.getFloat16(0)
  }
  if (dtype === 'float32') {
    view.setUint32(0, Number(bits))
    return view.getFloat32(0)
  }
  view.setBigUint64(0, bits)
  return view.getFloat64(0)
}

function floatKeys(dtype: RealDType, bounds: Keys['bounds'], bins: number): Keys {
  const size = 8 * itemsize(dtype)
  const sign = 1n << BigInt(size - 1)
  const all = (sign << 1n) - 1n
  return {
    bins,
    bounds,
    keyOf: value => {
      const bits = bitsOf(dtype, Number(value) + 0)
      return bits >= sign ? bits ^ all : bits | sign
    },
    valueOf: key => floatOf(dtype, key >= sign ? key ^ sign : key ^ all),
  }
}

function integerKeys(dtype: RealDType, bounds: Keys['bounds'], bins: number): Keys {
  const offset = dtype.startsWith('int') ? 1n << BigInt(8 * itemsize(dtype) - 1) : 0n
  const big = itemsize(dtype) === 8
  return {
    bins,
    bounds,
    keyOf: value => BigInt(value) + offset,
    valueOf: key => (big ? key - offset : Number(key - offset)),
  }
}

/** Runs of magnitudes on both sides of zero as runs of keys, `middle` being zero's. */
function twoSided(
  magnitudes: (k: number) => readonly [bigint, bigint],
  middle: bigint,
  negativeZero: bigint,
): Keys['bounds'] {
  return bin => {
    const [low, high] = magnitudes(bin >= HALF ? bin - HALF : HALF - Number(negativeZero) - bin)
    return bin >= HALF ? [middle + low, middle + high] : [middle - negativeZero - high, middle - negativeZero - low]
  }
}

/** The bits of the least float64 of magnitude bin `k`. */
const magnitudeBits = (k: number): bigint => BigInt(k + FLOAT64_BASE) << 44n

function float64Magnitudes(k: number): readonly [bigint, bigint] {
  return [k === 0 ? 0n : magnitudeBits(k), k === HALF - 1 ? 0x7fefffffffffffffn : magnitudeBits(k + 1) - 1n]
}

function integerMagnitudes(k: number): readonly [bigint, bigint] {
  if (k === 0) return [0n, 0n]
  const exponent = (k - 1) >> INTEGER_BITS
  const leading = BigInt((1 << INTEGER_BITS) + ((k - 1) & ((1 << INTEGER_BITS) - 1)))
  const shift = exponent - INTEGER_BITS
  if (shift < 0) return [leading >> BigInt(-shift), leading >> BigInt(-shift)]
  return [leading << BigInt(shift), ((leading + 1n) << BigInt(shift)) - 1n]
}

const single: Keys['bounds'] = bin => [BigInt(bin), BigInt(bin)]
const upperHalf: Keys['bounds'] = bin => [BigInt(bin) << 16n, (BigInt(bin) << 16n) | 0xffffn]

const KEYS: Readonly<Record<RealDType, Keys>> = {
  bool: integerKeys('bool', single, 256),
  uint8: integerKeys('uint8', single, 256),
  int8: integerKeys('int8', single, 256),
  uint16: integerKeys('uint16', single, 65_536),
  int16: integerKeys('int16', single, 65_536),
  uint32: integerKeys('uint32', integerMagnitudes, 65_536),
  int32: integerKeys('int32', twoSided(integerMagnitudes, 1n << 31n, 0n), 65_536),
  uint64: integerKeys('uint64', integerMagnitudes, 65_536),
  int64: integerKeys('int64', twoSided(integerMagnitudes, 1n << 63n, 0n), 65_536),
  float16: floatKeys('float16', single, 65_536),
  float32: floatKeys('float32', upperHalf, 65_536),
  float64: floatKeys('float64', twoSided(float64Magnitudes, 1n << 63n, 1n), 65_536),
}

/** The keys of a dtype. */
export const keysOf = (dtype: RealDType): Keys => KEYS[dtype]
