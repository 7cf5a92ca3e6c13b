import { Buffer } from 'node:buffer'
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { NumPackError } from '../format/errors.ts'
import { NumPack } from '../storage/numpack.ts'
import { aborted } from '../system/progress.ts'
import { getPackageInfo, openPackage, pack, unpack, verifyPackage } from './index.ts'
import { packStore } from './pack.ts'
import { CountingControl, scratch, sha256, storePath, treeOf } from './test-support/counting-control.ts'
import { job, makeStore } from './test-support/pack-job.ts'
import { unpackFile } from './unpack.ts'
import { NO_LINKS } from '../test-support/missing.ts'
import { testUnless } from '../test-support/test-unless.ts'
import { STRIDE } from '../test-support/stride.ts'

test('a store goes into a thread and back, with progress and default names', async () => {
  using folder = scratch()
  const store = folder.file('data.npk')
  cpSync(storePath('deleted.npk'), store, { recursive: true })
  const seen: number[][] = []
  const onProgress = ({ bytesDone, bytesTotal }: { bytesDone: number; bytesTotal: number }): void =>
    void seen.push([bytesDone, bytesTotal])
  expect(await pack(store, null, { verify: true, onProgress })).toBe(folder.file('data.npkg'))
  const bytes = Object.keys(treeOf(store)).reduce((sum, file) => sum + readFileSync(join(store, file)).length, 0)
  expect(seen.at(-1)).toEqual([2 * bytes, 2 * bytes])
  expect((await verifyPackage(folder.file('data.npkg'))).fault).toBeNull()
  expect((await getPackageInfo(folder.file('data.npkg'))).version).toBe(1)
  await expect(unpack(folder.file('data.npkg'))).rejects.toMatchObject({ code: 'EXISTS' })
  rmSync(store, { recursive: true })
  expect(await unpack(folder.file('data.npkg'))).toBe(store)
  expect(treeOf(store)).toEqual(treeOf(storePath('deleted.npk')))
  expect(readdirSync(folder.path).sort()).toEqual(['data.npk', 'data.npkg'])
})

test('a target without a suffix gets one, and missing folders are made', async () => {
  using folder = scratch()
  const target = await pack(storePath('empty.npk'), folder.file('new/backups/today'))
  expect(target).toBe(folder.file('new/backups/today.npkg'))
  expect(await unpack(target, folder.file('elsewhere/as it is'))).toBe(folder.file('elsewhere/as it is'))
  expect(treeOf(folder.file('elsewhere/as it is'))).toEqual(treeOf(storePath('empty.npk')))
})

test('a segmented array is packed whole, deleted rows included', async () => {
  using folder = scratch()
  const target = folder.file('x.npkg')
  await packStore(job(storePath('segmented.npk'), target, { verify: true }), new CountingControl())
  await unpackFile(
    { source: target, target: folder.file('x.npk'), overwrite: false, verify: true },
    new CountingControl(),
  )
  expect(readdirSync(folder.file('x.npk')).filter(file => /seg/.test(file))).not.toContainEqual(
    expect.stringMatching(/npkseg|_segments/),
  )
  using before = NumPack.open(storePath('segmented.npk'), { readOnly: true })
  using after = NumPack.open(folder.file('x.npk'), { readOnly: true })
  expect(after.getMemberList()).toEqual(before.getMemberList())
  for (const name of before.getMemberList()) {
    expect(after.load(name).equals(before.load(name))).toBe(true)
    const [old, now] = [before, after].map(npk => npk.getMetadata().arrays[name])
    expect(now).toMatchObject({
      physicalShape: old?.physicalShape,
      deletedRows: old?.deletedRows,
      lastModified: old?.lastModified,
    })
  }
})

test('an entry that does not shrink is stored as it is', async () => {
  using folder = scratch()
  const store = makeStore(folder.file('x.npk'), 3_000_000)
  let state = 1
  const noise = Uint8Array.from({ length: 3_000_000 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 24
  })
  writeFileSync(join(store, 'data_a.npkd'), noise)
  const target = folder.file('x.npkg')
  await packStore(job(store, target, { verify: true }), new CountingControl())
  const { files } = await getPackageInfo(target)
  expect(files.map(({ name, codec, compressedSize }) => [name, codec, compressedSize === 0])).toEqual([
    ['data_a.npkd', 'raw', true],
    ['metadata.npkm', 'zstd', false],
  ])
  await unpackFile(
    { source: target, target: folder.file('y.npk'), overwrite: false, verify: true },
    new CountingControl(),
  )
  expect(treeOf(folder.file('y.npk'))).toEqual(treeOf(store))
})

test('a large file that is copied as it is arrives whole', async () => {
  using folder = scratch()
  const store = makeStore(folder.file('x.npk'), 9_000_001)
  const target = folder.file('x.npkg')
  await packStore(job(store, target, { compression: false, verify: true, version: 2 }), new CountingControl())
  await unpackFile(
    { source: target, target: folder.file('y.npk'), overwrite: false, verify: true },
    new CountingControl(),
  )
  expect(treeOf(folder.file('y.npk'))).toEqual(treeOf(store))
})

test('a full disk is said, and nothing is left on it', async ctx => {
  using folder = scratch()
  const store = makeStore(folder.file('x.npk'), 9_000_000)
  const good = folder.file('good.npkg')
  await packStore(job(store, good), new CountingControl())
  const small = folder.file('small disk')
  mkdirSync(small)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'none', small])
  if (mounted.status !== 0) ctx.skip('a small disk can only be made by root, with mount')
  try {
    const old = join(small, 'x.npkg')
    writeFileSync(old, 'NPKG, an old backup')
    for (const compression of [true, false]) {
      const packing = packStore(job(store, old, { compression, overwrite: true }), new CountingControl())
      await expect(packing).rejects.toMatchObject({ code: 'NO_SPACE' })
      expect(treeOf(small)).toEqual({ 'x.npkg': sha256(Buffer.from('NPKG, an old backup')) })
    }
    const unpacking = { source: good, target: join(small, 'new/x.npk'), overwrite: false, verify: true }
    await expect(unpackFile(unpacking, new CountingControl())).rejects.toMatchObject({ code: 'NO_SPACE' })
    expect(readdirSync(small)).toEqual(['x.npkg'])
  } finally {
    spawnSync('umount', ['-l', small])
  }
})

test('a disk that fills up while unpacking is said; the old store is whole and nothing is left beside it', async ctx => {
  using folder = scratch()
  const store = makeStore(folder.file('x.npk'), 9_000_000)
  const source = folder.file('x.npkg')
  await packStore(job(store, source), new CountingControl())
  const small = folder.file('small disk')
  mkdirSync(small)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'none', small])
  if (mounted.status !== 0) ctx.skip('a small disk can only be made by root, with mount')
  try {
    const target = join(small, 'x.npk')
    cpSync(storePath('deleted.npk'), target, { recursive: true })
    const before = treeOf(target)
    const filler = join(small, 'filler')
    const control = new CountingControl(checks => {
      if (checks === 10) writeFileSync(filler, Buffer.alloc(8 << 20))
    })
    const unpacking = unpackFile({ source, target, overwrite: true, verify: true }, control)
    await expect(unpacking).rejects.toMatchObject({ code: 'NO_SPACE' })
    expect(control.done).toBeGreaterThan(0)
    expect(readdirSync(small).sort()).toEqual(['filler', 'x.npk'])
    expect(treeOf(target)).toEqual(before)
  } finally {
    spawnSync('umount', ['-l', small])
  }
})

test('an existing target stays unless it may be overwritten', async () => {
  using folder = scratch()
  const target = folder.file('x.npkg')
  writeFileSync(target, 'NPKG, precious')
  await expect(packStore(job(storePath('empty.npk'), target), new CountingControl())).rejects.toMatchObject({
    code: 'EXISTS',
  })
  expect(readFileSync(target, 'utf8')).toBe('NPKG, precious')
  await packStore(job(storePath('empty.npk'), target, { overwrite: true }), new CountingControl())
  expect((await verifyPackage(target)).fault).toBeNull()
  expect(readdirSync(folder.path)).toEqual(['x.npkg'])
})

test('a target that appears while packing is not overwritten', async () => {
  using folder = scratch()
  const target = folder.file('x.npkg')
  const control = new CountingControl(checks => {
    if (checks === 3) writeFileSync(target, 'made meanwhile')
  })
  await expect(packStore(job(storePath('dtypes.npk'), target), control)).rejects.toMatchObject({ code: 'EXISTS' })
  expect(readFileSync(target, 'utf8')).toBe('made meanwhile')
  expect(readdirSync(folder.path)).toEqual(['x.npkg'])
})

test('a folder is never replaced by a package', async () => {
  using folder = scratch()
  mkdirSync(folder.file('x.npkg'))
  const packing = packStore(
    job(storePath('empty.npk'), folder.file('x.npkg'), { overwrite: true }),
    new CountingControl(),
  )
  await expect(packing).rejects.toMatchObject({ code: 'EXISTS' })
})

test('what is no store is refused, and no folder is made for it', async () => {
  using folder = scratch()
  mkdirSync(folder.file('empty folder'))
  writeFileSync(folder.file('file'), 'x')
  const refused = { 'not there': 'NOT_FOUND', 'empty folder': 'NOT_A_STORE', file: 'NOT_A_STORE' }
  for (const [name, code] of Object.entries(refused)) {
    const packing = packStore(job(folder.file(name), folder.file('a/b/c.npkg')), new CountingControl())
    await expect(packing).rejects.toMatchObject({ code, message: expect.stringContaining(name) as string })
  }
  expect(readdirSync(folder.path).sort()).toEqual(['empty folder', 'file'])
})

test.each([
  ['missing-data.npk', 'DAMAGED', /'random'.*missing/],
  ['path-escape.npk', 'PATH_ESCAPE', /'a'.*outside/],
  ['absolute-path.npk', 'PATH_ESCAPE', /'a'.*outside/],
  ['truncated-metadata.npk', 'DAMAGED', /ends inside a record/],
  ['newer-version.npk', 'NEWER_VERSION', /newer/],
])('damaged/%s is not packed: an array would be left out', async (name, code, message) => {
  using folder = scratch()
  const packing = packStore(job(storePath(join('damaged', name)), folder.file('x.npkg')), new CountingControl())
  await expect(packing).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string })
  expect(readdirSync(folder.path)).toEqual([])
})

test.each(['short-data.npk', 'torn-bitmap.npk', 'unknown-dtype.npk', 'long-data.npk'])(
  'damaged/%s is packed byte for byte',
  async name => {
    using folder = scratch()
    const store = storePath(join('damaged', name))
    const target = folder.file('x.npkg')
    await packStore(job(store, target, { verify: true }), new CountingControl())
    await unpackFile(
      { source: target, target: folder.file('x.npk'), overwrite: false, verify: true },
      new CountingControl(),
    )
    expect(treeOf(folder.file('x.npk'))).toEqual(treeOf(store))
  },
)

testUnless(NO_LINKS)('a data file that is a symbolic link out of the store is not packed', async () => {
  using folder = scratch()
  const store = makeStore(folder.file('x.npk'), 1000)
  writeFileSync(folder.file('secret'), 'x'.repeat(1000))
  rmSync(join(store, 'data_a.npkd'))
  symlinkSync(folder.file('secret'), join(store, 'data_a.npkd'))
  const packing = packStore(job(store, folder.file('x.npkg')), new CountingControl())
  await expect(packing).rejects.toMatchObject({ code: 'PATH_ESCAPE' })
})

test('cancelled at any moment, packing and unpacking leave nothing and change nothing', async () => {
  using folder = scratch()
  const store = makeStore(folder.file('x.npk'), 1_500_000)
  const good = folder.file('good.npkg')
  const whole = new CountingControl()
  await packStore(job(store, good, { verify: true }), whole)
  const other = makeStore(folder.file('other.npk'), 1000, 9)
  const target = folder.file('target.npk')
  cpSync(other, target, { recursive: true })
  const before = treeOf(folder.path)
  for (let stop = 1; stop <= whole.checks; stop += STRIDE) {
    const cancelAt = (): CountingControl =>
      new CountingControl(checks => {
        if (checks === stop) throw aborted()
      })
    const packing = packStore(job(store, good, { verify: true, overwrite: true }), cancelAt())
    await expect(packing).rejects.toMatchObject({ code: 'ABORTED' })
    const fresh = packStore(job(store, folder.file('new/x.npkg'), { verify: true }), cancelAt())
    await expect(fresh).rejects.toMatchObject({ code: 'ABORTED' })
    expect(treeOf(folder.path)).toEqual(before)
    expect(readdirSync(folder.path).sort()).toEqual(['good.npkg', 'other.npk', 'target.npk', 'x.npk'])
  }
  const unpacked = new CountingControl()
  await unpackFile({ source: good, target: folder.file('y.npk'), overwrite: false, verify: true }, unpacked)
  rmSync(folder.file('y.npk'), { recursive: true })
  for (let stop = 1; stop <= unpacked.checks; stop += STRIDE) {
    const control = new CountingControl(checks => {
      if (checks === stop) throw aborted()
    })
    const unpacking = unpackFile({ source: good, target, overwrite: true, verify: true }, control)
    await expect(unpacking).rejects.toMatchObject({ code: 'ABORTED' })
    expect(treeOf(folder.path)).toEqual(before)
    expect(readdirSync(folder.path).sort()).toEqual(['good.npkg', 'other.npk', 'target.npk', 'x.npk'])
  }
})

test('a signal cancels a job in its thread, before and during it', async () => {
  using folder = scratch()
  const store = makeStore(folder.file('x.npk'), 40_000_000)
  const target = folder.file('x.npkg')
  await expect(pack(store, target, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' })
  const controller = new AbortController()
  const packing = pack(store, target, { signal: controller.signal, onProgress: () => controller.abort() })
  await expect(packing).rejects.toMatchObject({ code: 'ABORTED' })
  expect(readdirSync(folder.path)).toEqual(['x.npk'])
  const failing = pack(store, target, {
    onProgress: () => {
      throw new RangeError("the caller's own")
    },
  })
  await expect(failing).rejects.toThrow(RangeError)
  expect(readdirSync(folder.path)).toEqual(['x.npk'])
})

test('a store is replaced by unpacking only where that was asked for, and only when it is one', async () => {
  using folder = scratch()
  const source = folder.file('p.npkg')
  await packStore(job(storePath('names.npk'), source), new CountingControl())
  const target = makeStore(folder.file('x.npk'), 100)
  const unpackTo = (path: string, overwrite: boolean): Promise<void> =>
    unpackFile({ source, target: path, overwrite, verify: true }, new CountingControl())
  await expect(unpackTo(target, false)).rejects.toMatchObject({ code: 'EXISTS' })
  await unpackTo(target, true)
  expect(treeOf(target)).toEqual(treeOf(storePath('names.npk')))
  writeFileSync(join(target, 'thesis.txt'), 'precious')
  await expect(unpackTo(target, true)).rejects.toMatchObject({ code: 'EXISTS' })
  await expect(unpackTo(folder.path, true)).rejects.toMatchObject({ code: 'ARGUMENT' })
  await expect(unpackTo(source, true)).rejects.toMatchObject({ code: 'ARGUMENT' })
  expect(readFileSync(join(target, 'thesis.txt'), 'utf8')).toBe('precious')
  expect(readdirSync(folder.path).sort()).toEqual(['p.npkg', 'x.npk'])
})

test('wrong arguments are refused', async () => {
  using folder = scratch()
  const store = storePath('empty.npk')
  const wrong = [
    pack('', folder.file('x')),
    pack(store, folder.file('x'), { version: 3 as 1 }),
    pack(store, folder.file('x'), { compression: 'yes' as unknown as boolean }),
    pack(store, 7 as unknown as string),
    unpack(null as unknown as string),
    unpack(store, folder.file('a\0b')),
    pack(store, folder.file('x'), { signal: 'stop' as unknown as AbortSignal }),
    verifyPackage(store, { onProgress: 1 as unknown as () => void }),
    openPackage(store, null as unknown as undefined),
    getPackageInfo(undefined as unknown as string),
  ]
  for (const call of wrong) await expect(call).rejects.toMatchObject({ code: 'ARGUMENT' })
  await expect(pack(store, folder.file('x'.repeat(300)))).rejects.toMatchObject({ code: 'IO' })
  await expect(getPackageInfo(folder.file('none'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(unpack(store)).rejects.toMatchObject({ code: 'NOT_A_PACKAGE' })
  await expect(verifyPackage(store)).rejects.toBeInstanceOf(NumPackError)
  expect(readdirSync(folder.path)).toEqual([])
})

test('the store is only read', async () => {
  using folder = scratch()
  const store = makeStore(folder.file('x.npk'), 1000)
  chmodSync(store, 0o500)
  const before = treeOf(store)
  await packStore(job(store, folder.file('x.npkg')), new CountingControl())
  expect(treeOf(store)).toEqual(before)
  expect(
    readdirSync(store)
      .map(name => basename(name))
      .sort(),
  ).toEqual(['data_a.npkd', 'metadata.npkm'])
  chmodSync(store, 0o700)
})
