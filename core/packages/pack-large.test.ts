import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { encodeMetadata } from '../format/metadata.ts'
import { aborted } from '../system/progress.ts'
import { unpack, verifyPackage } from './index.ts'
import { packStore } from './pack.ts'
import { CountingControl, scratch, treeOf } from './test-support/counting-control.ts'
import { job, makeStore } from './test-support/pack-job.ts'
import { unpackFile } from './unpack.ts'

test('metadata of tens of thousands of arrays is packed, too', async () => {
  using folder = scratch()
  const store = folder.file('x.npk')
  mkdirSync(store)
  writeFileSync(join(store, 'data_shared.npkd'), Uint8Array.of(1))
  const records = Array.from({ length: 60_000 }, (_, i) => ({
    name: `array ${i}`,
    shape: [1],
    dataFile: 'data_shared.npkd',
    lastModified: i,
    sizeBytes: 1,
    dtype: 'uint8' as const,
  }))
  writeFileSync(join(store, 'metadata.npkm'), encodeMetadata(records))
  for (const compression of [true, false]) {
    const target = folder.file(`${compression}.npkg`)
    await packStore(job(store, target, { compression, verify: true }), new CountingControl())
    const unpacking = { source: target, target: `${target}.npk`, overwrite: false, verify: true }
    await unpackFile(unpacking, new CountingControl())
    expect(treeOf(`${target}.npk`)).toEqual(treeOf(store))
  }
})

test('a large package is unpacked, verified, cancelled and found damaged', async () => {
  using folder = scratch()
  const store = makeStore(folder.file('x.npk'), 60_000_001)
  const target = folder.file('x.npkg')
  await packStore(job(store, target), new CountingControl())
  for (const verify of [true, false]) {
    const unpacking = { source: target, target: folder.file('y.npk'), overwrite: true, verify }
    await unpackFile(unpacking, new CountingControl())
    expect(treeOf(folder.file('y.npk'))).toEqual(treeOf(store))
  }
  const report = await verifyPackage(target)
  expect(report.fault).toBeNull()
  expect(report.files[0]?.crc32).toBe(crc32(readFileSync(join(store, 'data_a.npkd'))))
  const bytes = readFileSync(target)
  bytes[bytes.length - 1]! ^= 1
  writeFileSync(target, bytes)
  expect((await verifyPackage(target)).fault?.code).toBe('CHECKSUM')
  await expect(unpack(target, folder.file('z.npk'))).rejects.toMatchObject({ code: 'CHECKSUM' })
  const cancelled = new CountingControl(checks => {
    if (checks === 40) throw aborted()
  })
  const unpacking = { source: target, target: folder.file('z.npk'), overwrite: false, verify: true }
  await expect(unpackFile(unpacking, cancelled)).rejects.toMatchObject({ code: 'ABORTED' })
  expect(readdirSync(folder.path).sort()).toEqual(['x.npk', 'x.npkg', 'y.npk'])
})
