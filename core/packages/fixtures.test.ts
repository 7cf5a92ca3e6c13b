import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { NumPackError } from '../format/errors.ts'
import type { NDArray } from '../array/ndarray.ts'
import { NumPack } from '../storage/numpack.ts'
import { packageInfo } from './info.ts'
import { openPackedStore } from './opened-package.ts'
import { expected, STORES } from '../test-support/fixture-stores.ts'
import { CountingControl, scratch, sha256, storePath, treeOf } from './test-support/counting-control.ts'
import { unpackFile } from './unpack.ts'
import { verifyFile } from './verify.ts'
import type { ZstdBackend } from './zstd.ts'

/** Packages of NumPack 0.7, and handmade ones after docs/format.md where NumPack writes none. */

const bytesOf = (array: NDArray): Uint8Array =>
  new Uint8Array(array.data.buffer, array.data.byteOffset, array.data.byteLength)

const backends: ZstdBackend[] = ['zstd-napi', 'node']

describe.each(Object.entries(expected.packages))('%s', (name, wanted) => {
  const source = join(STORES, name)
  const total = wanted.sizes.reduce((sum, size) => sum + size, 0)

  test('is listed from its headers', async () => {
    const info = await packageInfo(source)
    expect(info.fault).toBeNull()
    expect([info.version, info.compression, info.fileCount]).toEqual([
      wanted.version,
      wanted.compression,
      wanted.files.length,
    ])
    expect(info.compressionName).toBe(wanted.compression === 1 ? 'zstd' : 'none')
    expect(info.files.map(file => [file.name, file.originalSize])).toEqual(
      wanted.files.map((file, i) => [file, wanted.sizes[i]]),
    )
    for (const file of info.files) {
      expect(['raw', wanted.codec]).toContain(file.codec)
      expect(file.codec === 'raw').toBe(file.compressedSize === 0)
      expect(file.actualSize).toBe(file.compressedSize === 0 ? file.originalSize : file.compressedSize)
    }
    expect(info.totalOriginalSize).toBe(total)
    expect(info.compressionRatio).toBe(wanted.codec === 'raw' ? 1 : info.totalCompressedSize / total)
  })

  test.each(backends)('is whole (%s)', async zstd => {
    const control = new CountingControl()
    const report = await verifyFile({ source, sha256: true, zstd }, control)
    expect([report.fault, report.missingArrays]).toEqual([null, []])
    expect(report.files.map(file => file.sha256)).toEqual(wanted.sha256)
    expect(report.computedChecksum).toBe(report.storedChecksum)
    expect([control.done, control.total]).toEqual([total, total])
  })

  test.each(backends)('unpacks to the store it was made of (%s)', async zstd => {
    using folder = scratch()
    const target = folder.file('x.npk')
    await unpackFile({ source, target, overwrite: false, verify: true, zstd }, new CountingControl())
    expect(treeOf(target)).toEqual(Object.fromEntries(wanted.files.map((file, i) => [file, wanted.sha256[i]])))
    expect(treeOf(target)).toEqual(treeOf(storePath(wanted.sameAsStore)))
    expect(readdirSync(folder.path)).toEqual(['x.npk'])
  })

  test.each(backends)('is read without unpacking (%s)', async zstd => {
    using folder = scratch()
    const store = await openPackedStore(source, { cacheFolder: folder.path, zstd })
    const arrays = expected.stores[wanted.sameAsStore]!
    expect(store.getMemberList()).toEqual(Object.keys(arrays).sort())
    expect(store.damaged).toEqual([])
    for (const [array, { shape, dtype, sha256: hash }] of Object.entries(arrays)) {
      const loaded = store.load(array)
      expect([loaded.dtype, loaded.shape, sha256(bytesOf(loaded))]).toEqual([dtype, shape, hash])
    }
    store.close()
    expect(readdirSync(folder.path)).toEqual([])
  })
})

async function faultOf(work: Promise<unknown>): Promise<NumPackError> {
  const error = await work.then(
    () => null,
    (error: unknown) => error,
  )
  if (error instanceof NumPackError) return error
  throw new Error(`not refused with a NumPackError: ${String(error)}`)
}

const damaged = Object.entries(expected.damaged).filter(([name]) => name.endsWith('.npkg'))

const CODES: Record<string, string> = {
  'bad-crc.npkg': 'CHECKSUM',
  'wrong-magic.npkg': 'NOT_A_PACKAGE',
  'newer-version.npkg': 'NEWER_VERSION',
  'escape-dotdot.npkg': 'PATH_ESCAPE',
  'escape-absolute.npkg': 'PATH_ESCAPE',
  'escape-backslash.npkg': 'PATH_ESCAPE',
  'escape-drive.npkg': 'PATH_ESCAPE',
}

describe.each(damaged)('damaged/%s', (name, { says }) => {
  const source = join(STORES, 'damaged', name)
  const phrase = says.replace(/^an entry (?=unpacks)/, '')
  const code = CODES[name] ?? 'DAMAGED'

  test.each(backends)('is refused, and nothing is left (%s)', async zstd => {
    using folder = scratch()
    for (const target of [folder.file('x.npk'), folder.file('a/new/folder/x.npk')]) {
      const error = await faultOf(
        unpackFile({ source, target, overwrite: false, verify: true, zstd }, new CountingControl()),
      )
      expect([error.code, error.message]).toEqual([code, expect.stringContaining(phrase)])
      expect(error.message).toContain(basename(source))
    }
    expect(readdirSync(folder.path)).toEqual([])
  })

  test('is not replaced by it: the old store stays', async () => {
    using folder = scratch()
    const target = folder.file('x.npk')
    const good = join(STORES, 'deleted-v2-raw.npkg')
    await unpackFile({ source: good, target, overwrite: false, verify: true }, new CountingControl())
    const before = treeOf(target)
    await faultOf(unpackFile({ source, target, overwrite: true, verify: true }, new CountingControl()))
    expect(treeOf(target)).toEqual(before)
    expect(readdirSync(folder.path)).toEqual(['x.npk'])
  })

  test('verifying says what is wrong', async () => {
    const found = await verifyFile({ source, sha256: false }, new CountingControl()).then(
      report => report.fault,
      (error: unknown) => error,
    )
    expect(found).toMatchObject({ code, message: expect.stringContaining(phrase) as string })
  })
})

test('what can be listed of a damaged package is listed', async () => {
  const info = await packageInfo(join(STORES, 'damaged/truncated.npkg'))
  expect(info.fault).toMatchObject({
    code: 'DAMAGED',
    message: expect.stringContaining('package ends early') as string,
  })
  const whole = expected.packages['deleted-v1-zstd.npkg']!
  const listed = info.files.filter(file => file.fault === null).map(file => file.name)
  expect(listed.length).toBeGreaterThan(2)
  expect(listed).toEqual(whole.files.slice(0, listed.length))
})

test('without verify the checksum is not compared, and nothing else is left out', async () => {
  using folder = scratch()
  const outcomes = damaged.map(async ([name]) => {
    const job = { source: join(STORES, 'damaged', name), target: folder.file(`${name}.npk`), overwrite: false }
    await unpackFile({ ...job, verify: false }, new CountingControl())
    return name
  })
  const unpacked = (await Promise.allSettled(outcomes)).filter(({ status }) => status === 'fulfilled')
  expect(unpacked).toEqual([{ status: 'fulfilled', value: 'bad-crc.npkg' }])
  expect(readdirSync(folder.path)).toEqual(['bad-crc.npkg.npk'])
  using npk = NumPack.open(folder.file('bad-crc.npkg.npk'), { readOnly: true })
  expect(npk.getMemberList()).toEqual(Object.keys(expected.stores['deleted.npk']!).sort())
  expect(existsSync(folder.file('bad-crc.npkg.npk/metadata.npkm'))).toBe(true)
})
