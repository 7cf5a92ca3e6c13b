import { markAsUntransferable } from 'node:worker_threads'
import { type DType, itemsize, type TypedArray } from '../format/dtype.ts'
import { NumPackError } from '../format/errors.ts'
import { componentsOf, typedArrayOf } from '../format/elements.ts'

/** Small results are cut from slabs, as Node cuts small Buffers from its pool: memory of their own costs 1 µs each. */
const SLAB_BYTES = 64 * 1024
const SMALL_BYTES = 4096

let slab: ArrayBufferLike = new ArrayBuffer(0)
let slabUsed = 0

/**
 * Runs what takes memory for an array of so many bytes. Throws `IO` where that is more than the machine, or an array of
 * JavaScript, has room for.
 */
export function takingMemory<T>(bytes: number, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new NumPackError(
      'IO',
      `There is not enough memory for an array of ${bytes} bytes. Take it in parts: load it with { lazy: true }, select rows, or stream them.`,
      { bytes, reason: 'MEMORY' },
      error,
    )
  }
}

/** Space for `count` elements that the caller fills completely: what is in it before is arbitrary. Throws `IO` for too many. */
export function allocate(dtype: DType, count: number): TypedArray {
  const bytes = count * itemsize(dtype)
  const length = count * componentsOf(dtype)
  const constructor = typedArrayOf(dtype)
  if (bytes > SMALL_BYTES)
    return takingMemory(bytes, () => new constructor(Buffer.allocUnsafeSlow(bytes).buffer, 0, length))
  if (slabUsed + bytes > slab.byteLength) {
    slab = Buffer.allocUnsafeSlow(SLAB_BYTES).buffer
    // Transferring one result to another thread would take its neighbours along.
    markAsUntransferable(slab)
    slabUsed = 0
  }
  const data = new constructor(slab, slabUsed, length)
  slabUsed = (slabUsed + bytes + 7) & ~7
  return data
}
