import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, cpSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { decodeMetadata, encodeMetadata } from '../format/metadata.ts'
import { WRITE_LOG_FILE } from '../storage/read/write-log.ts'
import { NDArray } from '../array/ndarray.ts'
import { NumPack } from '../storage/numpack.ts'
import { getPackageInfo, verifyPackage } from './index.ts'
import { packStore } from './pack.ts'
import { CountingControl, scratch, storePath, treeOf } from './test-support/counting-control.ts'
import { job, makeStore } from './test-support/pack-job.ts'
import { unpackFile } from './unpack.ts'

/** Calls `change` at the first check at which `isTime` holds. */
function changeOnce(isTime: (control: CountingControl) => boolean, change: () => void): CountingControl {
  let isChanged = false
  const control: CountingControl = new CountingControl(() => {
    if (isChanged || !isTime(control)) return
    isChanged = true
    change()
  })
  return control
}

/** `packStore` checks once before it lists the store's files, and once for each file. */
const isListingFiles = ({ checks }: CountingControl): boolean => checks === 2

const isReadingData = ({ done }: CountingControl): boolean => done >= 1_000_000

/** Writing the package is the first half of the work, verification the second. */
const isVerifying = ({ done, total }: CountingControl): boolean => done > total / 2

test('a store that changes while its data is read is packed again, so that no package mixes two states', async () => {
  using folder = scratch()
  const store = makeStore(folder.file('x.npk'), 5_000_000)
  const file = join(store, 'data_a.npkd')
  const control = changeOnce(isReadingData, () => {
    writeFileSync(file, readFileSync(file).fill(7))
    utimesSync(file, new Date(), new Date(Date.now() + 5000))
  })
  const target = folder.file('x.npkg')
  await packStore(job(store, target, { verify: true }), control)
  await unpackFile(
    { source: target, target: folder.file('y.npk'), overwrite: false, verify: true },
    new CountingControl(),
  )
  expect(treeOf(folder.file('y.npk'))).toEqual(treeOf(store))
  expect(control.done).toBeLessThanOrEqual(control.total)
})

/** Changes the first and the last byte of a file through a mapping at each SIGUSR1. */
const MAPPING = `
import mmap, signal, sys
with open(sys.argv[1], 'r+b') as file:
    mapping = mmap.mmap(file.fileno(), 0)
def change(*_):
    mapping[0] = mapping[-1] = 7
mapping[0], mapping[-1] = mapping[0], mapping[-1]
signal.signal(signal.SIGUSR1, change)
print('ready', flush=True)
while True:
    signal.pause()
`

test('a store that another program changes through a mapping while it is read is packed again', async ctx => {
  if (process.platform !== 'linux' || spawnSync('python3', ['-c', '']).status !== 0)
    ctx.skip('writing through a mapping takes Python, and noticing it Linux')
  using folder = scratch()
  const store = makeStore(folder.file('x.npk'), 5_000_000)
  const file = join(store, 'data_a.npkd')
  const writer = spawn('python3', ['-c', MAPPING, file], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    await once(writer.stdout, 'data')
    const control = changeOnce(isReadingData, () => {
      writer.kill('SIGUSR1')
      while (readFileSync(file).at(-1) !== 7);
    })
    const target = folder.file('x.npkg')
    await packStore(job(store, target), control)
    const copy = folder.file('y.npk')
    await unpackFile({ source: target, target: copy, overwrite: false, verify: true }, new CountingControl())
    expect(treeOf(copy)).toEqual(treeOf(store))
  } finally {
    writer.kill('SIGKILL')
    await once(writer, 'exit')
  }
})

test('a store that never stops changing is refused with the reason', async () => {
  using folder = scratch()
  const store = makeStore(folder.file('x.npk'), 2_000_000)
  const control = new CountingControl(() => appendFileSync(join(store, 'data_a.npkd'), 'more'))
  const target = folder.file('x.npkg')
  writeFileSync(target, 'NPKG, an old backup')
  const packing = packStore(job(store, target, { overwrite: true }), control)
  await expect(packing).rejects.toMatchObject({ code: 'CHANGED_ON_DISK' })
  expect(readFileSync(target, 'utf8')).toBe('NPKG, an old backup')
  expect(readdirSync(folder.path).sort()).toEqual(['x.npk', 'x.npkg'])
})

test('packing waits for a writer that is at work, and refuses a store whose writer died', async () => {
  using folder = scratch()
  const store = makeStore(folder.file('x.npk'), 1000)
  const writeLog = join(store, WRITE_LOG_FILE)
  writeFileSync(writeLog, 'half of an operation')
  // Each time that `packStore` looks for the write log, it checks once.
  const control = changeOnce(
    ({ checks }) => checks === 3,
    () => rmSync(writeLog),
  )
  await packStore(job(store, folder.file('x.npkg')), control)
  expect((await verifyPackage(folder.file('x.npkg'))).fault).toBeNull()
  writeFileSync(writeLog, 'half of an operation')
  const packing = packStore(job(store, folder.file('y.npkg')), new CountingControl())
  await expect(packing).rejects.toMatchObject({ code: 'CHANGED_ON_DISK' })
  expect(readdirSync(folder.path).sort()).toEqual(['x.npk', 'x.npkg'])
})

test('a store that this project wrote is packed, and restored over a later state', async () => {
  using folder = scratch()
  const store = folder.file('x.npk')
  const values = NDArray.from([1, 2, 3, 4], { dtype: 'int32' })
  NumPack.with(store, npk => {
    npk.save({ a: values, b: values })
    npk.save({ a: NDArray.from([[1.5], [2.5]], { dtype: 'float64' }) })
    npk.drop('b', [0, 2])
  })
  const target = folder.file('x.npkg')
  await packStore(job(store, target, { verify: true }), new CountingControl())
  NumPack.with(store, npk => npk.save({ a: values, b: values, added: values }))
  await unpackFile({ source: target, target: store, overwrite: true, verify: true }, new CountingControl())
  using npk = NumPack.open(store, { readOnly: true })
  expect([npk.getMemberList(), npk.load('a').toList(), npk.load('b').toList()]).toEqual([
    ['a', 'b'],
    [[1.5], [2.5]],
    [2, 4],
  ])
})

test('packing joins the segments of an array into one file and keeps another array whose file has that name', async () => {
  using folder = scratch()
  const store = folder.file('x.npk')
  cpSync(storePath('segmented.npk'), store, { recursive: true })
  const { records } = decodeMetadata(readFileSync(join(store, 'metadata.npkm')))
  const segmented = records.find(({ dataFile }) => dataFile.endsWith('.npkseg'))!
  const dataFile = `data_${segmented.name}.npkd`
  writeFileSync(join(store, dataFile), Uint8Array.of(1, 2, 3))
  const other = { name: 'other', shape: [3], dataFile, lastModified: 1, sizeBytes: 3, dtype: 'uint8' } as const
  writeFileSync(join(store, 'metadata.npkm'), encodeMetadata([...records, other]))
  const target = folder.file('x.npkg')
  await packStore(job(store, target, { verify: true }), new CountingControl())
  await unpackFile(
    { source: target, target: folder.file('y.npk'), overwrite: false, verify: true },
    new CountingControl(),
  )
  using before = NumPack.open(store, { readOnly: true })
  using after = NumPack.open(folder.file('y.npk'), { readOnly: true })
  expect(after.damaged).toEqual([])
  expect(after.load('other').toList()).toEqual([1, 2, 3])
  expect(after.load(segmented.name).equals(before.load(segmented.name))).toBe(true)
})

test.each([
  ['its files are listed', isListingFiles],
  ['its data is read', isReadingData],
])('an array that is added to a store while %s is in the package', async (_, isTime) => {
  using folder = scratch()
  const store = makeStore(folder.file('x.npk'), 1_500_000)
  const control = changeOnce(isTime, () => {
    writeFileSync(join(store, 'data_b.npkd'), Uint8Array.of(1, 2, 3))
    const b = { name: 'b', shape: [3], dataFile: 'data_b.npkd', lastModified: 2, sizeBytes: 3, dtype: 'uint8' } as const
    const a = { name: 'a', shape: [1_500_000], dataFile: 'data_a.npkd', lastModified: 1, sizeBytes: 1_500_000 } as const
    writeFileSync(join(store, 'metadata.npkm'), encodeMetadata([{ ...a, dtype: 'uint8' }, b]))
  })
  await packStore(job(store, folder.file('x.npkg')), control)
  expect((await getPackageInfo(folder.file('x.npkg'))).files.map(({ name }) => name)).toEqual([
    'data_a.npkd',
    'data_b.npkd',
    'metadata.npkm',
  ])
})

test('packing with verification finds a byte of the package that changed after it was written', async () => {
  using folder = scratch()
  const store = makeStore(folder.file('x.npk'), 3_000_000)
  const control = changeOnce(isVerifying, () => {
    const temporary = readdirSync(folder.path).find(name => name.endsWith('.tmp'))!
    const written = readFileSync(folder.file(temporary))
    written[2_500_000]! ^= 1
    writeFileSync(folder.file(temporary), written)
  })
  const packing = packStore(job(store, folder.file('x.npkg'), { verify: true, compression: false }), control)
  await expect(packing).rejects.toMatchObject({ code: 'CHECKSUM' })
  expect(readdirSync(folder.path)).toEqual(['x.npk'])
})
