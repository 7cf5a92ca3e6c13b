import { closeSync, fsyncSync, mkdirSync, openSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import path from 'node:path'

/** A float32 array of a generated store: `rows` maps a row to its values, all other rows are zeros in a sparse file. */
export interface SparseArray {
  name: string
  shape: [rows: number, columns: number]
  rows?: Record<number, number[]>
}

const FLOAT32 = 10

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8')
  const length = Buffer.alloc(4)
  length.writeUInt32LE(bytes.length)
  return Buffer.concat([length, bytes])
}

/** Encodes a record of `metadata.npkm` (docs/format.md, 1.1), independently of the engine. */
function record({ name, shape }: SparseArray): Buffer {
  const dimensions = Buffer.alloc(4 + 8 * shape.length)
  dimensions.writeUInt32LE(shape.length)
  for (const [axis, length] of shape.entries()) dimensions.writeBigUInt64LE(BigInt(length), 4 + 8 * axis)
  const tail = Buffer.alloc(8 + 8 + 1 + 22)
  tail.writeBigUInt64LE(BigInt(Date.now()) * 1000n)
  tail.writeBigUInt64LE(BigInt(shape[0] * shape[1] * 4), 8)
  tail.writeUInt8(FLOAT32, 16)
  return Buffer.concat([text(name), dimensions, text(`data_${name}.npkd`), tail])
}

function writeAt(file: string, offset: number, data: Float32Array): void {
  const descriptor = openSync(file, 'r+')
  writeSync(descriptor, data, 0, data.byteLength, offset)
  closeSync(descriptor)
}

export function fillWithNoise(file: string, bytes: number): void {
  const chunk = Float32Array.from({ length: 2 ** 24 }, Math.random)
  const descriptor = openSync(file, 'r+')
  for (let at = 0; at < bytes; at += chunk.byteLength)
    writeSync(descriptor, chunk, 0, Math.min(chunk.byteLength, bytes - at), at)
  fsyncSync(descriptor)
  closeSync(descriptor)
}

export function writeStore(folder: string, arrays: SparseArray[]): void {
  mkdirSync(folder, { recursive: true })
  let total = 0n
  for (const { name, shape, rows = {} } of arrays) {
    const rowBytes = shape[1] * 4
    const file = path.join(folder, `data_${name}.npkd`)
    writeFileSync(file, '', { flag: 'a' })
    truncateSync(file, shape[0] * rowBytes)
    for (const [row, values] of Object.entries(rows)) writeAt(file, Number(row) * rowBytes, new Float32Array(values))
    total += BigInt(shape[0] * rowBytes)
  }
  const header = Buffer.alloc(20)
  header.write('NPKB', 'latin1')
  header.writeUInt32LE(1, 4)
  header.writeBigUInt64LE(total, 8)
  header.writeUInt32LE(arrays.length, 16)
  writeFileSync(path.join(folder, 'metadata.npkm'), Buffer.concat([header, ...arrays.map(record)]))
}
