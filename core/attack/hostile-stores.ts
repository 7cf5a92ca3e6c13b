import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { metadataOf } from './hostile-records.ts'

/** Shapes that cost nothing on disk and much if axes are counted one by one. Sizes are those of sparse files. */
const ARRAYS: readonly { readonly name: string; readonly shape: readonly bigint[]; readonly bitmap?: boolean }[] = [
  { name: 'wide', shape: [1n, 20_000_000n] },
  { name: 'wide and empty', shape: [0n, 20_000_000n] },
  { name: 'long', shape: [100_000_000n, 1n], bitmap: true },
  { name: 'long and empty', shape: [100_000_000n, 0n], bitmap: true },
  { name: 'endless and empty', shape: [2n ** 53n - 1n, 0n] },
  { name: 'empty inside', shape: [2n ** 31n, 0n, 2n ** 21n] },
  { name: 'many axes', shape: [...Array.from({ length: 62 }, () => 1n), 3n, 4n] },
  { name: 'axes of nothing', shape: Array.from({ length: 64 }, () => 0n) },
  { name: 'scalar', shape: [] },
  { name: '__proto__', shape: [3n, 3n] },
]

const UINT8 = 1

export function writeHostileStores(path: string): void {
  mkdirSync(path)
  const records = ARRAYS.map(({ name, shape }) => {
    const sizeBytes = shape.reduce((product, axis) => product * axis, 1n)
    return { name, shape: [...shape], dataFile: `data_${name}.npkd`, lastModified: 1n, sizeBytes, dtype: UINT8 }
  })
  writeFileSync(
    join(path, 'metadata.npkm'),
    metadataOf(records.map(record => ({ ...record, algorithm: 0, blocks: 0 }))),
  )
  for (const { dataFile, sizeBytes } of records) sparseFile(join(path, dataFile), Number(sizeBytes))
  for (const { name, shape, bitmap } of ARRAYS) if (bitmap === true) writeBitmap(path, name, Number(shape[0]))
}

function sparseFile(path: string, bytes: number): void {
  const fd = openSync(path, 'w')
  ftruncateSync(fd, bytes)
  closeSync(fd)
}

function writeBitmap(path: string, name: string, rows: number): void {
  const bytes = Buffer.alloc(16 + 8 * Math.ceil(rows / 64), 0xff)
  bytes.writeBigUInt64LE(BigInt(rows))
  bytes.writeBigUInt64LE(1n, 8)
  bytes[16] = 0xfd
  writeFileSync(join(path, `deleted_${name}.npkb`), bytes)
}
