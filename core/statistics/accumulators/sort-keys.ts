import { type DType, itemsize } from '../../format/dtype.ts'
import { Float16Array } from '../../format/float16.ts'

/**
 * Sort keys of elements, and the bins in which a first scan counts them.
 *
 * A sort key is an unsigned integer of the dtype's size that is ordered like the elements: integers are offset by half
 * their range; floats have the sign bit flipped (positive) or all bits (negative). A bin is a range of keys; there are
 * at most 65,536 bins, in ascending order:
 * - dtypes of up to 16 bits: one bin per key.
 * - float32: the upper 16 bits of a key, 128 bins per power of two.
 * - float64: 256 bins per power of two from 2^-64 to 2^64; values beyond are in the first or last bin.
 * - 32- and 64-bit integers: 512 bins per power of two, so each number up to 1024 has its own.
 */
export interface SortKeys {
  readonly bins: number
  /** Returns the first and last key of a bin. */
  bounds(bin: number): readonly [bigint, bigint]
  keyOf(value: number | bigint): bigint
  valueOf(key: bigint): number | bigint
}

/** dtypes whose elements are real numbers; bool counts as 0 and 1. */
export type RealDType = Exclude<DType, 'complex64' | 'complex128'>

/**
 * Returns the dtype of the values that statistics are computed from: float64 for the magnitude and phase of complex
 * elements.
 */
export const realDType = (dtype: DType): RealDType =>
  dtype === 'complex64' || dtype === 'complex128' ? 'float64' : dtype

/** Whether a dtype has so few values (at most 65,536) that each can be counted. */
export const isSmallDtype = (dtype: RealDType): boolean => itemsize(dtype) <= 2

export const fitsFloat32 = (dtype: RealDType): boolean => isSmallDtype(dtype) || dtype === 'float32'

export const isFloat = (dtype: RealDType): boolean => dtype.startsWith('float')

/** Bins of one sign. */
const HALF = 32_768
/** float64 bin index of 2^-64: its exponent and the upper 8 fraction bits. */
export const FLOAT64_BASE = (1023 - 64) << 8
/** Fraction bits that an integer's bin keeps. */
const INTEGER_BITS = 9

const view = new DataView(new ArrayBuffer(8))
const half = new Float16Array(1)
const halfBits = new Uint16Array(half.buffer)

/** Returns the bit pattern of a float as an unsigned integer of the dtype's size. */
function bitsOf(dtype: RealDType, value: number): bigint {
  if (dtype === 'float16') {
    half[0] = value
    return BigInt(halfBits[0]!)
  }
  if (dtype === 'float32') {
    view.setFloat32(0, value)
    return BigInt(view.getUint32(0))
  }
  view.setFloat64(0, value)
  return view.getBigUint64(0)
}

function floatOf(dtype: RealDType, bits: bigint): number {
  if (dtype === 'float16') {
    halfBits[0] = Number(bits)
    return half[0]!
  }
  if (dtype === 'float32') {
    view.setUint32(0, Number(bits))
    return view.getFloat32(0)
  }
  view.setBigUint64(0, bits)
  return view.getFloat64(0)
}

function floatSortKeys(dtype: RealDType, bounds: SortKeys['bounds'], bins: number): SortKeys {
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

function integerSortKeys(dtype: RealDType, bounds: SortKeys['bounds'], bins: number): SortKeys {
  const offset = dtype.startsWith('int') ? 1n << BigInt(8 * itemsize(dtype) - 1) : 0n
  const big = itemsize(dtype) === 8
  return {
    bins,
    bounds,
    keyOf: value => BigInt(value) + offset,
    valueOf: key => (big ? key - offset : Number(key - offset)),
  }
}

/** Mirrors magnitude bins on both sides of zero, whose key is `middle`. */
function twoSided(
  magnitudes: (k: number) => readonly [bigint, bigint],
  middle: bigint,
  negativeZero: bigint,
): SortKeys['bounds'] {
  return bin => {
    const [low, high] = magnitudes(bin >= HALF ? bin - HALF : HALF - Number(negativeZero) - bin)
    return bin >= HALF ? [middle + low, middle + high] : [middle - negativeZero - high, middle - negativeZero - low]
  }
}

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

const single: SortKeys['bounds'] = bin => [BigInt(bin), BigInt(bin)]
const upperHalf: SortKeys['bounds'] = bin => [BigInt(bin) << 16n, (BigInt(bin) << 16n) | 0xffffn]

const SORT_KEYS: Readonly<Record<RealDType, SortKeys>> = {
  bool: integerSortKeys('bool', single, 256),
  uint8: integerSortKeys('uint8', single, 256),
  int8: integerSortKeys('int8', single, 256),
  uint16: integerSortKeys('uint16', single, 65_536),
  int16: integerSortKeys('int16', single, 65_536),
  uint32: integerSortKeys('uint32', integerMagnitudes, 65_536),
  int32: integerSortKeys('int32', twoSided(integerMagnitudes, 1n << 31n, 0n), 65_536),
  uint64: integerSortKeys('uint64', integerMagnitudes, 65_536),
  int64: integerSortKeys('int64', twoSided(integerMagnitudes, 1n << 63n, 0n), 65_536),
  float16: floatSortKeys('float16', single, 65_536),
  float32: floatSortKeys('float32', upperHalf, 65_536),
  float64: floatSortKeys('float64', twoSided(float64Magnitudes, 1n << 63n, 1n), 65_536),
}

export const sortKeysOf = (dtype: RealDType): SortKeys => SORT_KEYS[dtype]
