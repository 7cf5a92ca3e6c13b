import { NO_END_OF_MEMORY } from '../test-support/missing.ts'
import { removeFolder } from '../test-support/remove-folder.ts'
import { testUnless } from '../test-support/test-unless.ts'
import { mkdirSync, mkdtempSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect } from 'vitest'
import { encodeMetadata } from '../format/metadata.ts'
import { NDArray } from '../array/ndarray.ts'
import { NumPack } from './numpack.ts'
import { slice } from '../array/selection.ts'

const BYTES = 2 ** 43

let root = ''
let path = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'numpack-memory-'))
  path = join(root, 'store.npk')
  mkdirSync(path)
  const record = { name: 'a', dtype: 'uint8', shape: [2, BYTES / 2], dataFile: 'data_a.npkd', lastModified: 0 } as const
  writeFileSync(join(path, 'metadata.npkm'), encodeMetadata([{ ...record, sizeBytes: BYTES }]))
  writeFileSync(join(path, 'data_a.npkd'), '')
  truncateSync(join(path, 'data_a.npkd'), BYTES)
})
afterEach(() => removeFolder(root))

testUnless(NO_END_OF_MEMORY).each<[string, (npk: NumPack) => unknown, number]>([
  ['load', npk => npk.load('a'), BYTES],
  ['getitem of a row', npk => npk.getitem('a', 0), BYTES / 2],
  ['getitem of a slice', npk => npk.getitem('a', slice(0, 2)), BYTES],
  ['getitem of a list of rows', npk => npk.getitem('a', [0, 1]), BYTES],
  ['streamLoad', npk => [...npk.streamLoad('a', 2)], BYTES],
  ['batchMode', npk => npk.batchMode(() => npk.load('a')), BYTES],
  ['get of a writable batch', npk => npk.writableBatchMode(wb => void wb.load('a').get(0)), BYTES / 2],
  ['zeros', () => NDArray.zeros([BYTES], 'uint8'), BYTES],
])('%s of more bytes than there is memory for is an error that says how many and what to do', (_what, work, bytes) => {
  using npk = NumPack.open(path)
  expect(() => work(npk)).toThrow(
    expect.objectContaining({
      name: 'NumPackError',
      code: 'IO',
      message: expect.stringMatching(new RegExp(`${bytes} bytes.*lazy`)),
    }),
  )
})

testUnless(NO_END_OF_MEMORY)('toList of more elements than a list holds is an error that says so', () => {
  const array = new NDArray('uint8', [2 ** 32], new Uint8Array(0))
  expect(() => array.toList()).toThrow(expect.objectContaining({ name: 'NumPackError', code: 'IO' }))
})
