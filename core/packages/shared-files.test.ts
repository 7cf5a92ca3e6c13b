import { linkSync, mkdirSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { encodeMetadata } from '../format/metadata.ts'
import { NumPack } from '../storage/numpack.ts'
import { aborted } from '../system/progress.ts'
import { getPackageInfo, pack, unpack } from './index.ts'
import { packStore } from './pack.ts'
import { storeFiles } from './store-files.ts'
import { CountingControl, scratch } from './test-support/counting-control.ts'

function storeOf(path: string, arrays: readonly (readonly [name: string, rows: number, dataFile: string])[]): string {
  mkdirSync(join(path, 'data_s_segments'), { recursive: true })
  const records = arrays.map(([name, rows, dataFile]) => ({
    name,
    shape: [rows],
    dtype: 'uint8' as const,
    dataFile,
    lastModified: 0,
    sizeBytes: rows,
  }))
  writeFileSync(join(path, 'metadata.npkm'), encodeMetadata(records))
  return path
}

const segmentList = (segments: readonly string[], padding = 0): string =>
  JSON.stringify({ version: 1, segments: segments.map(file => ({ file, rows: 1, bytes: 1 })) }) + ' '.repeat(padding)

const manyArrays = (dataFile: string, rows: number): [string, number, string][] =>
  Array.from({ length: 300 }, (_, i) => [`a${i}`, rows, dataFile])

test('a data file that many arrays share is packed once, and all of them are read from it', async () => {
  using folder = scratch()
  const store = storeOf(folder.file('x.npk'), manyArrays('x.npkd', 3))
  writeFileSync(join(store, 'x.npkd'), Uint8Array.of(5, 6, 7))
  const target = await pack(store)
  expect((await getPackageInfo(target)).files.map(({ name }) => name)).toEqual(['data_a0.npkd', 'metadata.npkm'])
  const unpacked = await unpack(target, folder.file('y.npk'))
  NumPack.with(unpacked, { readOnly: true }, npk => {
    for (const i of [0, 1, 299]) expect(npk.load(`a${i}`).toList()).toEqual([5, 6, 7])
  })
})

test('a segment list that many arrays share is read and packed once', async () => {
  using folder = scratch()
  const store = storeOf(folder.file('x.npk'), manyArrays('data_s.npkseg', 2))
  const segments = ['data_s_segments/seg_000000.npkd', 'data_s_segments/seg_000001.npkd']
  for (const [i, file] of segments.entries()) writeFileSync(join(store, file), Uint8Array.of(i + 1))
  writeFileSync(join(store, 'data_s.npkseg'), segmentList(segments, 50_000))
  const target = await pack(store)
  expect((await getPackageInfo(target)).files.map(({ name }) => name)).toEqual(['data_a0.npkd', 'metadata.npkm'])
  const unpacked = await unpack(target, folder.file('y.npk'))
  NumPack.with(unpacked, { readOnly: true }, npk => expect(npk.load('a299').toList()).toEqual([1, 2]))
})

test('a segment that is named twice is not packed twice: the store is damaged', async () => {
  using folder = scratch()
  const store = storeOf(folder.file('x.npk'), [['a', 2, 'data_s.npkseg']])
  const file = 'data_s_segments/seg_000000.npkd'
  writeFileSync(join(store, file), 'x')
  linkSync(join(store, file), join(store, 'data_s_segments/seg_000001.npkd'))
  for (const again of [file, 'data_s_segments/seg_000001.npkd']) {
    writeFileSync(join(store, 'data_s.npkseg'), segmentList([file, again]))
    await expect(pack(store)).rejects.toMatchObject({ code: 'DAMAGED', message: expect.stringContaining('twice') })
  }
  expect(readdirSync(folder.path)).toEqual(['x.npk'])
})

test('segment lists that are too long together are refused before they are all read', async () => {
  using folder = scratch()
  const arrays = Array.from({ length: 9 }, (_, i): [string, number, string] => [`a${i}`, 1, `data_a${i}.npkseg`])
  const store = storeOf(folder.file('x.npk'), arrays)
  for (const i of arrays.keys()) {
    const file = `data_s_segments/seg_00000${i}.npkd`
    writeFileSync(join(store, file), 'x')
    writeFileSync(join(store, `data_a${i}.npkseg`), segmentList([file], 2 ** 20))
  }
  await expect(pack(store)).rejects.toMatchObject({
    code: 'DAMAGED',
    message: expect.stringContaining('at most 8388608'),
  })
})

test('looking for the files of a store can be cancelled at each array', () => {
  using folder = scratch()
  const store = storeOf(folder.file('x.npk'), manyArrays('x.npkd', 3))
  writeFileSync(join(store, 'x.npkd'), Uint8Array.of(5, 6, 7))
  const control = new CountingControl(checks => {
    if (checks === 250) throw aborted()
  })
  expect(() => storeFiles(store, control.check)).toThrow(aborted())
  expect(control.checks).toBe(250)
})

test.each([
  ['without compression', false],
  ['with compression, of a file of many names', true],
])('more bytes than the disk has free are refused before the first is written (%s)', async (_, compression) => {
  using folder = scratch()
  const bytes = 2 ** 43
  const store = storeOf(folder.file('x.npk'), [
    ['a', bytes, 'data_a.npkd'],
    ['b', bytes, 'data_b.npkd'],
  ])
  writeFileSync(join(store, 'data_a.npkd'), '')
  truncateSync(join(store, 'data_a.npkd'), bytes)
  linkSync(join(store, 'data_a.npkd'), join(store, 'data_b.npkd'))
  expect(statSync(join(store, 'data_b.npkd')).size).toBe(bytes)
  const control = new CountingControl(checks => {
    if (checks === 100) throw aborted()
  })
  const target = folder.file('x.npkg')
  const job = { source: store, target, compression, overwrite: false, version: 1, verify: false } as const
  await expect(packStore(job, control)).rejects.toMatchObject({ code: 'NO_SPACE' })
  expect(readdirSync(folder.path)).toEqual(['x.npk'])
})
