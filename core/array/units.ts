import { type DType, itemsize } from '../format/dtype.ts'

/** Integers in which elements are copied, because they never pass through a floating-point register. */
export type Units = Uint8Array | Uint16Array | Uint32Array

export const unitBytesOf = (dtype: DType): 1 | 2 | 4 => Math.min(4, itemsize(dtype)) as 1 | 2 | 4

export function unitsOf(data: ArrayBufferView, unitBytes: 1 | 2 | 4): Units {
  const { buffer, byteOffset, byteLength } = data
  if (unitBytes === 4) return new Uint32Array(buffer, byteOffset, byteLength / 4)
  return unitBytes === 2
    ? new Uint16Array(buffer, byteOffset, byteLength / 2)
    : new Uint8Array(buffer, byteOffset, byteLength)
}
