import { markAsUntransferable } from 'node:worker_threads'
import { type DType, itemsize, type TypedArray } from '../format/dtype.ts'
import { NumPackError } from '../format/errors.ts'
import { componentsOf, typedArrayOf } from '../format/elements.ts'

/** Small results share slabs, as Node's Buffer pool does: separate memory costs 1 µs each. */
const SLAB_BYTES = 64 * 1024
const SMALL_BYTES = 4096

let slab: ArrayBufferLike = new ArrayBuffer(0)
let slabUsed = 0

/** Runs an allocation of this many bytes. Throws `IO` if the machine, or a JavaScript array, has no room for it. */
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

/** Allocates `count` elements with arbitrary contents, which the caller overwrites. Throws `IO` for too many. */
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
