import { createHash } from 'node:crypto'
import type { TypedArray } from '../format/dtype.ts'

export const bytesOf = ({ data }: { readonly data: TypedArray }): Buffer =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength)

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
