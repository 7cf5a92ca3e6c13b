import { removeFolder } from '../test-support/remove-folder.ts'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { METADATA_FILE } from '../format/names.ts'
import { HeldFolder } from '../system/held-folder.ts'
import { NDArray } from '../array/ndarray.ts'
import { NumPack } from '../storage/numpack.ts'
import { killedAtEachStep, watchDisk } from '../storage/test-support/watch-disk.ts'
import { pack, unpack } from './index.ts'
import { replaceStore } from './replace-store.ts'
import { CountingControl, scratch, storePath, treeOf } from './test-support/counting-control.ts'
import { unpackFile } from './unpack.ts'

const unpackOver = (source: string, target: string, control = new CountingControl()): Promise<void> =>
  unpackFile({ source, target, overwrite: true, verify: true }, control)

const filled = (length: number, value: number): NDArray =>
  NDArray.from(new Int32Array(length).fill(value), { shape: [length] })

const contentOf = (store: string): Record<string, unknown> =>
  NumPack.with(store, { readOnly: true }, npk =>
    Object.fromEntries(npk.getMemberList().map(name => [name, npk.load(name).toList()])),
  )

function twoStores(folder: { file: (name: string) => string }): { before: string; after: string } {
  const [before, after] = [folder.file('before.npk'), folder.file('after.npk')]
  NumPack.with(before, npk => {
    npk.save({ both: filled(6, 1), a: filled(4, 2), b: filled(4, 3) })
    npk.drop('both', [0, 5])
    npk.drop('b', [1])
  })
  NumPack.with(after, npk => {
    npk.save({ both: filled(5, 7), a: filled(3, 8), c: filled(2, 9) })
    npk.drop('a', [0])
  })
  return { before, after }
}

const HAS_STRACE = spawnSync('strace', ['-V']).status === 0

const STRACE = 'renames can be made to fail only where strace is'

test('killed at any rename, the old store or the unpacked one is under the name, and the next save works', async ctx => {
  if (!HAS_STRACE) ctx.skip(STRACE)
  using folder = scratch()
  const { before, after } = twoStores(folder)
  const source = await pack(after, folder.file('after.npkg'))
  const whole = [before, after].map(contentOf)
  const target = folder.file('x.npk')
  const program = `
    import { unpackFile } from ${JSON.stringify(new URL('./unpack.ts', import.meta.url).href)}
    const job = ${JSON.stringify({ source, target, overwrite: true, verify: true })}
    await unpackFile(job, { check() {}, addTotal() {}, advance() {} })
  `
  const calls = 'rename,renameat,renameat2'
  const seen = new Set<number>()
  for (let when = 1; ; when++) {
    removeFolder(target)
    cpSync(before, target, { recursive: true })
    const kill = [
      '-f',
      '-qq',
      '-o',
      '/dev/null',
      '-e',
      `trace=${calls}`,
      '-e',
      `inject=${calls}:signal=KILL:when=${when}`,
    ]
    const { status, signal } = spawnSync('strace', [...kill, process.execPath, '--input-type=module', '-e', program])
    const now = contentOf(target)
    expect(whole, `killed at rename ${when}`).toContainEqual(now)
    seen.add(whole.findIndex(content => JSON.stringify(content) === JSON.stringify(now)))
    NumPack.with(target, npk => npk.save({ later: filled(2, 5) }))
    expect(contentOf(target)).toEqual({ ...now, later: [5, 5] })
    expect(readdirSync(target).filter(name => name.includes('tmp'))).toEqual([])
    if (status === 0) break
    expect(signal ?? status).not.toBe(1)
  }
  expect([...seen]).toEqual([0, 1])
})

function heldFolder(path: string): HeldFolder {
  const held = HeldFolder.open(dirname(path), basename(path))
  if (held === null) throw new Error(`${path} is no folder`)
  return held
}

const disks: Record<string, (work: () => void) => void> = {
  'a disk with links': work => work(),
  'a disk without links': work =>
    watchDisk(step => {
      if (step === 'symlink') throw Object.assign(new Error('EPERM: operation not permitted'), { code: 'EPERM' })
    }, work),
}

test.each(Object.entries(disks))(
  'killed before any step, readers and writers see one store or the other (%s)',
  (_, on) => {
    using folder = scratch()
    const { before, after } = twoStores(folder)
    const whole = [before, after].map(contentOf)
    const target = folder.file('x.npk')
    cpSync(before, target, { recursive: true })
    const from = folder.file('unpacked')
    cpSync(after, from, { recursive: true })
    rmSync(join(from, '.numpack.lock'))
    const names = readdirSync(from)
    using over = heldFolder(target)
    using unpacked = heldFolder(from)
    const copies = killedAtEachStep(target, () => on(() => replaceStore(over, unpacked, names)))
    expect(contentOf(target)).toEqual(whole[1])
    expect(copies.length).toBeGreaterThan(10)
    const seen = copies.map(copy => {
      const now = contentOf(copy)
      expect(whole, copy).toContainEqual(now)
      NumPack.with(copy, npk => npk.save({ later: filled(1, 5) }))
      expect(contentOf(copy)).toEqual({ ...now, later: [5] })
      const left = readdirSync(copy).filter(
        name => name.includes('tmp') || (!('b' in now) && name.startsWith('deleted_b')),
      )
      expect(left).toEqual([])
      return 'b' in now
    })
    expect(seen).toEqual(seen.toSorted((a, b) => Number(b) - Number(a)))
    expect(new Set(seen).size).toBe(2)
  },
)

test('of a segmented array that is replaced nothing is left', async () => {
  using folder = scratch()
  const target = folder.file('x.npk')
  cpSync(storePath('segmented.npk'), target, { recursive: true })
  const source = await pack(storePath('names.npk'), folder.file('names.npkg'))
  await unpackOver(source, target)
  expect(treeOf(target)).toEqual(treeOf(storePath('names.npk')))
  expect(readdirSync(target, { withFileTypes: true }).filter(entry => !entry.isFile())).toEqual([])
})

const segmentsIn = (store: string): string[] =>
  readdirSync(store, { recursive: true, encoding: 'utf8' })
    .filter(name => basename(name).startsWith('seg_'))
    .sort()

test('killed while a segmented array is replaced, the next writer removes the segments that no array uses', () => {
  using folder = scratch()
  const target = folder.file('x.npk')
  cpSync(storePath('segmented.npk'), target, { recursive: true })
  const { after } = twoStores(folder)
  const names = readdirSync(after).filter(name => name !== '.numpack.lock')
  using over = heldFolder(target)
  using unpacked = heldFolder(after)
  const copies = killedAtEachStep(target, () => replaceStore(over, unpacked, names))
  expect(copies.length).toBeGreaterThan(10)
  const before = segmentsIn(storePath('segmented.npk'))
  const seen = copies.map(copy => {
    const isOld = NumPack.with(copy, npk => {
      npk.save({ later: filled(1, 5) })
      return npk.hasArray('big')
    })
    expect(segmentsIn(copy), copy).toEqual(isOld ? before : [])
    return isOld
  })
  expect(new Set(seen).size).toBe(2)
})

test('a store whose metadata is damaged is replaced', async () => {
  using folder = scratch()
  const { before, after } = twoStores(folder)
  const source = await pack(after, folder.file('after.npkg'))
  writeFileSync(join(before, METADATA_FILE), 'NPKB and nothing else')
  await unpackOver(source, before)
  expect(contentOf(before)).toEqual(contentOf(after))
})

test('what an interrupted operation meant to do is not done to the arrays that are restored', async () => {
  using folder = scratch()
  const store = folder.file('x.npk')
  NumPack.with(store, npk => npk.save({ a: filled(3, 1), b: filled(3, 2) }))
  const source = await pack(store, folder.file('x.npkg'))
  const backedUp = contentOf(store)
  const copies = killedAtEachStep(store, () => NumPack.with(store, npk => npk.drop(['a', 'b'], [0])))
  for (const copy of copies) {
    await unpackOver(source, copy)
    expect(contentOf(copy)).toEqual(backedUp)
  }
})

test('what comes into the folder while the package is unpacked is looked at again', async () => {
  using folder = scratch()
  const { before, after } = twoStores(folder)
  const source = await pack(after, folder.file('after.npkg'))
  const content = contentOf(before)
  const control = new CountingControl(checks => {
    if (checks === 4) writeFileSync(join(before, 'thesis.txt'), 'precious')
  })
  await expect(unpackOver(source, before, control)).rejects.toMatchObject({ code: 'EXISTS' })
  expect(readFileSync(join(before, 'thesis.txt'), 'utf8')).toBe('precious')
  expect(contentOf(before)).toEqual(content)
  expect(readdirSync(folder.path).sort()).toEqual(['after.npk', 'after.npkg', 'before.npk'])
})

const WRITTEN = ['w0', 'w1', 'w2', 'w3', 'w4']

const isSaved = (store: string, name: string): boolean =>
  NumPack.with(store, { readOnly: true }, npk => npk.hasArray(name) && (npk.load(name).get(0) as number) > 0)

const writer = (store: string): string => `
  import { NumPack } from ${JSON.stringify(new URL('../storage/numpack.ts', import.meta.url).href)}
  import { NDArray } from ${JSON.stringify(new URL('../array/ndarray.ts', import.meta.url).href)}
  const npk = NumPack.open(${JSON.stringify(store)})
  for (let i = 1; ; i++) {
    npk.save({ ['w' + (i % 5)]: NDArray.from(new Int32Array(2000).fill(i), { shape: [2000] }) })
    console.log(i)
  }
`

test.each([
  ['w0', 'w1', 'w2', 'w3', 'w4'],
  ['p0', 'p1', 'p2'],
])(
  'a store with %s is restored under a program that saves in a loop: it is whole, and the later saves are in it',
  async (...names: string[]) => {
    using folder = scratch()
    const store = folder.file('x.npk')
    NumPack.with(store, npk => npk.save({ old: filled(10, 1) }))
    const backedUp = folder.file('backed-up.npk')
    NumPack.with(backedUp, npk => npk.save(Object.fromEntries(names.map(name => [name, filled(2000, -1)]))))
    const source = await pack(backedUp, folder.file('x.npkg'))
    const child = spawn(process.execPath, ['--input-type=module', '-e', writer(store)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const ended = once(child, 'exit')
    let said = ''
    child.stderr.on('data', data => (said += data))
    const restored: Record<string, unknown>[] = []
    for await (const line of createInterface({ input: child.stdout })) {
      if (Number(line) % 20 !== 0) continue
      if (restored.length < 5) {
        await unpackOver(source, store)
        restored.push(contentOf(store))
      } else if (WRITTEN.every(name => isSaved(store, name))) child.kill()
    }
    for (const content of restored) {
      expect(content).not.toHaveProperty('old')
      expect(Object.keys(content)).toEqual(expect.arrayContaining(names))
    }
    expect([await ended, said]).toEqual([[null, 'SIGTERM'], ''])
    NumPack.with(store, npk => {
      expect(npk.damaged).toEqual([])
      npk.save({ last: filled(1, 1) })
      expect(npk.warnings).toEqual([])
      for (const name of npk.getMemberList()) expect(new Set(npk.load(name).toList() as number[]).size).toBe(1)
      for (const name of names.filter(name => name.startsWith('p'))) expect(npk.load(name).get(0)).toBe(-1)
      expect(WRITTEN.filter(name => (npk.load(name).get(0) as number) <= 0)).toEqual([])
    })
  },
)

const lockHolder = (store: string): string => `
  import { existsSync, readdirSync } from 'node:fs'
  import { dirname, join } from 'node:path'
  import { lockStore } from ${JSON.stringify(new URL('../system/lock.ts', import.meta.url).href)}
  import { NumPack } from ${JSON.stringify(new URL('../storage/numpack.ts', import.meta.url).href)}
  const store = ${JSON.stringify(store)}
  const lock = lockStore(store)
  console.log('locked')
  const pause = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
  const beside = () => readdirSync(dirname(store)).find(name => name.endsWith('.tmp') && name.includes('before'))
  while (!existsSync(join(dirname(store), beside() ?? 'none', 'metadata.npkm'))) pause()
  pause()
  console.log(NumPack.with(store, { readOnly: true }, npk => npk.getMemberList().join()))
`

test('a restore waits for who writes to the store', async () => {
  using folder = scratch()
  const { before, after } = twoStores(folder)
  const source = await pack(after, folder.file('after.npkg'))
  const child = spawn(process.execPath, ['--input-type=module', '-e', lockHolder(before)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (line === 'locked') void unpack(source, before, { overwrite: true }).then(() => lines.push('restored'))
  }
  await expect.poll(() => lines).toEqual(['locked', 'a,b,both', 'restored'])
  expect(contentOf(before)).toEqual(contentOf(after))
})
