import { Buffer } from 'node:buffer'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeMetadata } from '../../format/metadata.ts'
import type { PackJob } from '../pack.ts'

export const job = (source: string, target: string, more: Partial<PackJob> = {}): PackJob => ({
  source,
  target,
  compression: true,
  overwrite: false,
  version: 1,
  verify: false,
  ...more,
})

export function makeStore(path: string, bytes: number, seed = 1): string {
  const data = Buffer.alloc(bytes)
  for (let i = 0, state = seed; i < bytes; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    data[i] = (state >>> 16) & 0x3f
  }
  const array = { name: 'a', shape: [bytes], dataFile: 'data_a.npkd', lastModified: 1, sizeBytes: bytes } as const
  mkdirSync(path)
  writeFileSync(join(path, 'data_a.npkd'), data)
  writeFileSync(join(path, 'metadata.npkm'), encodeMetadata([{ ...array, dtype: 'uint8' }]))
  return path
}
