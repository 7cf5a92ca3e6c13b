import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { MessageChannel, Worker } from 'node:worker_threads'
import { afterEach, expect, test, vi } from 'vitest'
import { NumPackError } from '../format/errors.ts'
import { LIMITS } from '../format/limits.ts'
import { encodeMetadata } from '../format/metadata.ts'
import { encodeEntryHeader, encodePackageFooter, encodePackageHeader } from '../format/npkg.ts'
import { NDArray } from '../array/ndarray.ts'
import { NumPack } from '../storage/numpack.ts'
import { ThreadPool } from '../system/thread.ts'
import { asUser, noUsers, VICTIM } from '../test-support/users.ts'
import { openPackage, pack } from './index.ts'
import { openPackedStore } from './opened-package.ts'
import { failSpool, newSpoolState, SpoolWriter, waitForSpool } from './spool-state.ts'
import { scratch } from './test-support/counting-control.ts'
import { zstdBy } from './zstd.ts'
import { testUnless } from '../test-support/test-unless.ts'

afterEach(() => vi.restoreAllMocks())

/** Packs arrays of zeros that end with the bytes of `end`. */
async function zerosPackage(
  path: string,
  bytes: number,
  end: Uint8Array = new Uint8Array(0),
  names: readonly string[] = ['a'],
): Promise<string> {
  const chunk = new Uint8Array(1 << 20)
  function* content(): Generator<Uint8Array> {
    for (let at = 0; at < bytes - end.length; at += chunk.length) {
      yield chunk.subarray(0, Math.min(chunk.length, bytes - end.length - at))
    }
    if (end.length > 0) yield end
  }
  const pieces: Uint8Array[] = []
  for await (const piece of zstdBy().compress(bytes, content())) pieces.push(piece.slice())
  const payload = Buffer.concat(pieces)
  const files = names.map(name => `data_${name}.npkd`)
  const metadata = encodeMetadata(
    names.map(name => {
      const file = { dataFile: `data_${name}.npkd`, sizeBytes: bytes, lastModified: 1 }
      return { name, dtype: 'uint8', shape: [bytes], ...file } as const
    }),
  )
  const parts = [encodePackageHeader(1, 1, files.length + 1)]
  for (const file of files) parts.push(encodeEntryHeader(file, bytes, payload.length), payload)
  parts.push(encodeEntryHeader('metadata.npkm', metadata.length, 0), metadata, encodePackageFooter(0))
  writeFileSync(path, Buffer.concat(parts))
  return path
}

const taken = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => statSync(join(folder, name)))
    .reduce((sum, stat) => sum + (stat.isFile() ? 512 * stat.blocks : 0), 0)

const MIB = 2 ** 20
const POLL = { timeout: 30_000 }

test('zeros that are decompressed take no space, and what follows them is where it belongs', async () => {
  using folder = scratch()
  const source = await zerosPackage(folder.file('x.npkg'), 200 * MIB, Uint8Array.of(1, 2, 3))
  using opened = await openPackage(source, { cacheFolder: folder.file('cache') })
  const lazy = opened.load('a', { lazy: true })
  expect(lazy.get([200 * MIB - 4, -3, -2, -1]).toList()).toEqual([0, 1, 2, 3])
  expect(taken(folder.file('cache'))).toBeLessThan(MIB)
})

const soon = (bytes: number) => ({ ready: bytes, total: bytes })

test('no more is decompressed than was asked for and a bit', async () => {
  using folder = scratch()
  const source = await zerosPackage(folder.file('x.npkg'), 400 * MIB)
  using opened = await openPackage(source, { cacheFolder: folder.file('cache') })
  const lazy = opened.load('a', { lazy: true })
  expect(lazy.get(0)).toBe(0)
  // The byte may be ready before it is requested: then only the first read-ahead was.
  const isReadAhead = ({ ready, total }: ReturnType<typeof soon>): boolean =>
    ready === total && [0, 1].includes(total - LIMITS.spoolReadAhead)
  await expect.poll(() => opened.readyBytes('a'), POLL).toSatisfy(isReadAhead)
  expect(lazy.get(80 * MIB - 1)).toBe(0)
  await expect.poll(() => opened.readyBytes('a'), POLL).toEqual(soon(160 * MIB))
  expect(lazy.get(-1)).toBe(0)
  expect(opened.readyBytes('a')).toEqual(soon(400 * MIB))
})

test('at most a share of a small disk is taken, and nothing once that was not enough', async ctx => {
  using folder = scratch()
  const small = folder.file('small disk')
  mkdirSync(small)
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'none', small]).status !== 0)
    ctx.skip('a small disk can only be made by root, with mount')
  try {
    const store = folder.file('x.npk')
    const noisy = new Uint8Array(60 * MIB).map((_, i) => (i % 251) + 1)
    NumPack.with(store, npk => npk.save({ a: NDArray.from(noisy, { shape: [60 * MIB] }) }))
    const source = await pack(store)
    const opened = await openPackage(source, { cacheFolder: small })
    const lazy = opened.load('a', { lazy: true })
    expect(() => lazy.get(-1)).toThrow(expect.objectContaining({ code: 'NO_SPACE' }))
    expect(() => lazy.get(0)).toThrow(/unpack the package/)
    expect(taken(small)).toBe(0)
    opened.close()
    expect(readdirSync(small)).toEqual([])
  } finally {
    spawnSync('umount', ['-l', small])
  }
})

const values = (i: number): NDArray => NDArray.from(new Uint8Array(5 * MIB).fill(i + 1), { shape: [5 * MIB] })

test('many arrays at once have few threads, and each is read', async () => {
  using folder = scratch()
  const store = folder.file('x.npk')
  const names = Array.from({ length: 12 }, (_, i) => `a${i}`)
  NumPack.with(store, npk => npk.save(Object.fromEntries(names.map((name, i) => [name, values(i)]))))
  const source = await pack(store)
  using opened = await openPackage(source, { cacheFolder: folder.file('cache') })
  const lazy = names.map(name => opened.load(name, { lazy: true }))
  expect(lazy.map(array => array.get(0))).toEqual(names.map((_, i) => i + 1))
  expect(lazy.map(array => array.get(-1))).toEqual(names.map((_, i) => i + 1))

  using polled = await openPackedStore(source, { cacheFolder: folder.file('cache'), wait: false })
  const last = (name: string): unknown => {
    try {
      return polled.load(name, { lazy: true }).get(-1)
    } catch (error) {
      if (error instanceof NumPackError && error.code === 'NOT_READY') return null
      throw error
    }
  }
  await expect.poll(() => names.map(last), POLL).toEqual(names.map((_, i) => i + 1))
})

test('more arrays than are decompressed at once can be read at the same time', async () => {
  using folder = scratch()
  const names = Array.from({ length: LIMITS.spoolsAtWork + 1 }, (_, i) => `a${i}`)
  const source = await zerosPackage(folder.file('x.npkg'), 100 * MIB, Uint8Array.of(7), names)
  using opened = await openPackage(source, { cacheFolder: folder.file('cache') })
  for (const name of names) {
    opened.reader(name).source.lease()
    expect(opened.load(name, { lazy: true }).get(0)).toBe(0)
  }
  expect(names.map(name => opened.load(name, { lazy: true }).get(-1))).toEqual(names.map(() => 7))
})

test('a decompression that was stopped reports nothing any more', async () => {
  using folder = scratch()
  const source = await zerosPackage(folder.file('x.npkg'), 10 * MIB)
  let reports = 0
  const options = { cacheFolder: folder.file('cache'), wait: false, onProgress: () => reports++ }
  const { promise, reject } = Promise.withResolvers<never>()
  const run = vi.spyOn(ThreadPool.prototype, 'run').mockReturnValue(promise)
  using opened = await openPackedStore(source, options)
  opened.request('a', 1)
  const { onProgress } = run.mock.calls[0]![1]
  onProgress({ done: 1, total: 1 })
  expect(reports).toBe(1)
  opened.close()
  onProgress({ done: 1, total: 1 })
  reject(new NumPackError('ABORTED', 'It was stopped.'))
  await setImmediate()
  expect(reports).toBe(1)
})

test('a thread that dies is not waited for', () => {
  const state = newSpoolState()
  let looks = 0
  expect(() => waitForSpool(state, 1, () => ++looks === 2)).toThrow(/ended early/)
  expect(looks).toBe(2)
  const failed = newSpoolState()
  new SpoolWriter(failed).advance(10)
  failSpool(failed, new Error('no memory'))
  expect(() => waitForSpool(failed, 1, () => false)).toThrow(/no memory/)
})

testUnless(process.platform === 'linux' ? null : 'only Linux gives each thread its own priority')(
  'a program at a low priority reads packages',
  async ctx => {
    using folder = scratch()
    const store = folder.file('x.npk')
    NumPack.with(store, npk => npk.save({ a: NDArray.from(new Uint8Array(20 * MIB).fill(1), { shape: [20 * MIB] }) }))
    const source = await pack(store)
    const program = `
    import { openPackage } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)}
    using opened = await openPackage(${JSON.stringify(source)}, { cacheFolder: ${JSON.stringify(folder.file('cache'))} })
    console.log(opened.load('a', { lazy: true }).get(-1))
  `
    const isRoot = process.geteuid?.() === 0
    const reason = isRoot ? noUsers() : null
    if (reason !== null) ctx.skip(reason)
    const user = isRoot ? asUser(VICTIM) : []
    if (user.length > 0) spawnSync('chmod', ['-R', 'a+rX', folder.path])
    mkdirSync(folder.file('cache'), { recursive: true })
    if (user.length > 0) spawnSync('chown', [`${VICTIM}:${VICTIM}`, folder.file('cache')])
    const command = ['nice', '-n', '15', ...user, process.execPath, '--input-type=module', '-e', program]
    const { stdout, stderr } = spawnSync('timeout', ['110', ...command], { encoding: 'utf8' })
    expect([stdout.trim(), stderr]).toEqual(['1', ''])
  },
)

test('a thread that ends by itself, at its start, in its work or for want of memory, is seen to be no more', async () => {
  const { ThreadLife } = await import('../system/thread-life.ts')
  const ends = [
    'process.exit()',
    'throw new Error()',
    'const all = []; for (;;) all.push(new Array(1000).fill(Math.random()))',
    "require('node:worker_threads').parentPort.once('message', () => process.exit())",
    "require('node:worker_threads').parentPort.once('message', () => { throw new Error() })",
  ]
  const idle = new Int32Array(new SharedArrayBuffer(4))
  for (const end of ends) {
    const worker = new Worker(end, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 20 } })
    worker.on('error', () => {})
    const { port1, port2 } = new MessageChannel()
    using life = new ThreadLife(port1)
    expect(life.isOver).toBe(false)
    worker.postMessage({ port2 }, [port2])
    let looks = 0
    for (; looks < 300 && !life.isOver; looks++) Atomics.wait(idle, 0, 0, 50)
    expect(looks, end).toBeLessThan(300)
    await worker.terminate()
  }
})
