import { closeSync, ftruncateSync, mkdirSync, openSync, readdirSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { encodeMetadata } from '../format/metadata.ts'
import { encodeEntryHeader, encodePackageFooter, encodePackageHeader } from '../format/npkg.ts'
import { packageChecksum } from '../format/npkg-checksum.ts'
import { packageInfo } from './info.ts'
import { openPackedStore } from './opened-package.ts'
import { packStore } from './pack.ts'
import { CountingControl, scratch } from './test-support/counting-control.ts'
import { unpackFile } from './unpack.ts'
import { verifyFile } from './verify.ts'

const BYTES = 2 ** 32 + 1000
const LAST = 77
const PATIENCE = 300_000

const record = (name: string, bytes: number) =>
  ({ name, dtype: 'uint8', shape: [bytes], dataFile: `data_${name}.npkd`, sizeBytes: bytes, lastModified: 1 }) as const

function sparseStore(path: string): string {
  mkdirSync(path)
  const fd = openSync(join(path, 'data_a.npkd'), 'w')
  writeSync(fd, Uint8Array.of(LAST), 0, 1, BYTES - 1)
  closeSync(fd)
  writeFileSync(join(path, 'metadata.npkm'), encodeMetadata([record('a', BYTES)]))
  return path
}

test(
  'an array of more than 4 GiB goes into a package and back',
  async () => {
    using folder = scratch(process.env['DISK_TMPDIR'])
    const source = sparseStore(folder.file('x.npk'))
    const target = folder.file('x.npkg')
    const packing = { source, target, compression: true, version: 1, overwrite: false, verify: false } as const
    await packStore(packing, new CountingControl())
    const { files, totalOriginalSize, packageSize } = await packageInfo(target)
    expect(files[0]).toMatchObject({ name: 'data_a.npkd', originalSize: BYTES, codec: 'zstd' })
    expect(totalOriginalSize).toBe(BYTES + statSync(join(source, 'metadata.npkm')).size)
    expect(packageSize).toBeLessThan(2 ** 20)
    const control = new CountingControl()
    const report = await verifyFile({ source: target, sha256: false }, control)
    expect([report.fault, control.done]).toEqual([null, totalOriginalSize])
    expect(report.computedChecksum).toBe(report.storedChecksum)
  },
  PATIENCE,
)

test('entries that begin and end beyond 4 GiB are read in their place', async () => {
  using folder = scratch()
  const path = folder.file('x.npkg')
  const metadata = encodeMetadata([record('a', BYTES), record('b', 3)])
  const fd = openSync(path, 'w')
  let at = 0
  const put = (bytes: Uint8Array): void => void (at += writeSync(fd, bytes, 0, bytes.length, at))
  put(encodePackageHeader(1, 0, 3))
  put(encodeEntryHeader('data_a.npkd', BYTES, 0))
  at += BYTES - 1
  put(Uint8Array.of(LAST))
  put(encodeEntryHeader('data_b.npkd', 3, 0))
  put(Uint8Array.of(1, 2, 3))
  put(encodeEntryHeader('metadata.npkm', metadata.length, 0))
  put(metadata)
  put(encodePackageFooter(0))
  closeSync(fd)
  expect((await packageInfo(path)).fault).toBeNull()
  using opened = await openPackedStore(path)
  expect(opened.load('b').toList()).toEqual([1, 2, 3])
  expect(
    opened
      .load('a', { lazy: true })
      .get([0, BYTES - 2, BYTES - 1])
      .toList(),
  ).toEqual([0, 0, LAST])
})

test('a package that would need more space than there is is refused before anything is written', async () => {
  using folder = scratch()
  const path = folder.file('x.npkg')
  const huge = 2 ** 50
  const fd = openSync(path, 'w')
  let at = 0
  const put = (bytes: Uint8Array): void => void (at += writeSync(fd, bytes, 0, bytes.length, at))
  put(encodePackageHeader(1, 1, 2))
  put(encodeEntryHeader('data_a.npkd', huge, 5))
  put(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0))
  put(encodeEntryHeader('metadata.npkm', 20, 0))
  put(encodeMetadata([]))
  put(encodePackageFooter(0))
  ftruncateSync(fd, at)
  closeSync(fd)
  expect((await packageInfo(path)).files[0]?.originalSize).toBe(huge)
  const unpacking = { source: path, target: folder.file('x.npk'), overwrite: false, verify: true }
  await expect(unpackFile(unpacking, new CountingControl())).rejects.toMatchObject({ code: 'NO_SPACE' })
  expect(readdirSync(folder.path)).toEqual(['x.npkg'])
})

test('a package of 100,000 arrays is listed, verified and opened', async () => {
  using folder = scratch()
  const path = folder.file('x.npkg')
  const arrays = 100_000
  const names = Array.from({ length: arrays }, (_, i) => `array ${String(i).padStart(5, '0')}`)
  const metadata = encodeMetadata(names.map(name => record(name, 3)))
  const parts = [encodePackageHeader(2, 0, arrays + 1)]
  for (const [i, name] of names.entries()) {
    parts.push(encodeEntryHeader(`data_${name}.npkd`, 3, 0), Uint8Array.of(i, i >> 8, i >> 16))
  }
  parts.push(encodeEntryHeader('metadata.npkm', metadata.length, 0), metadata, encodePackageFooter(0))
  const bytes = Buffer.concat(parts)
  writeFileSync(path, bytes)
  const { files, fault } = await packageInfo(path)
  expect([files.length, fault]).toEqual([arrays + 1, null])
  const report = await verifyFile({ source: path, sha256: false }, new CountingControl())
  expect(report.fault?.code).toBe('CHECKSUM')
  const checksum = packageChecksum(
    2,
    report.files.map(file => ({ crc32: file.crc32!, size: file.originalSize })),
  )
  writeFileSync(path, Buffer.concat([bytes.subarray(0, -4), encodePackageFooter(checksum)]))
  expect((await verifyFile({ source: path, sha256: false }, new CountingControl())).fault).toBeNull()
  using opened = await openPackedStore(path)
  expect(opened.getMemberList()).toEqual(names)
  expect(opened.load(names[70_000]!).toList()).toEqual([70_000 & 255, (70_000 >> 8) & 255, 70_000 >> 16])
})
