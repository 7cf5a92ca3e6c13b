import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { scaleCount } from '../test-support/attack-scale.ts'
import { killHolder, startLockHolder } from '../test-support/lock-programs.ts'
import { NumPack } from '../storage/numpack.ts'
import { isTemporary } from '../system/files.ts'
import { packStore } from './pack.ts'
import { clearLeftovers, siblingOf } from './temporary.ts'
import { CountingControl, scratch, sha256, storePath, treeOf } from './test-support/counting-control.ts'
import { unpackFile } from './unpack.ts'

const ROUNDS = scaleCount(75, { min: 12 })
const MOMENTS = 12

const program = (operation: 'pack' | 'unpack', sources: readonly string[], target: string): string => `
  import { packStore } from ${JSON.stringify(new URL('./pack.ts', import.meta.url).href)}
  import { unpackFile } from ${JSON.stringify(new URL('./unpack.ts', import.meta.url).href)}
  const control = { check() {}, addTotal() {}, advance() {} }
  const options = { target: ${JSON.stringify(target)}, overwrite: true, verify: true, compression: true, version: 1 }
  for (let i = 0; ; i++) {
    const source = ${JSON.stringify(sources)}[i % 2]
    console.log('begin')
    await ${operation === 'pack' ? 'packStore' : 'unpackFile'}({ ...options, source }, control)
  }
`

async function killInTheMiddle(source: string, begins: number, delay: number): Promise<void> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  let begun = 0
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'begin' && ++begun === begins) setTimeout(() => child.kill('SIGKILL'), delay)
  }
  expect(await ended).toEqual([null, 'SIGKILL'])
}

const stores = ['deleted.npk', 'dtypes.npk'].map(storePath)

/** Packs each of `stores` and returns the packages. */
async function packStores(folder: { file: (name: string) => string }): Promise<string[]> {
  const packages = stores.map((_, i) => folder.file(`${i}.npkg`))
  const options = { compression: true, version: 1, overwrite: false, verify: false } as const
  for (const [i, source] of stores.entries()) {
    await packStore({ ...options, source, target: packages[i]! }, new CountingControl())
  }
  return packages
}

/** As `treeOf`, without the temporary files that a killed writer leaves to the next one. */
const contentOf = (store: string): Record<string, string> =>
  Object.fromEntries(Object.entries(treeOf(store)).filter(([file]) => !isTemporary(file)))

test('killed while packing: the target is one whole package or the other, and leftovers go', async () => {
  using folder = scratch()
  const target = folder.file('x.npkg')
  const packages = await packStores(folder)
  const whole = packages.map(file => sha256(readFileSync(file)))
  cpSync(packages[0]!, target)
  for (let round = 0; round < ROUNDS; round++) {
    await killInTheMiddle(program('pack', stores, target), 2, (round % MOMENTS) * 4)
    expect(whole).toContain(sha256(readFileSync(target)))
    for (const name of readdirSync(folder.path).filter(name => !/^[01x]\.npkg$/.test(name))) {
      expect(name).toMatch(/^\.x\.npkg\..*\.tmp$/)
    }
  }
  clearLeftovers(target)
  expect(readdirSync(folder.path).sort()).toEqual(['0.npkg', '1.npkg', 'x.npkg'])
})

test('killed while unpacking: the old store or the new one is there, whole, and leftovers go', async () => {
  using folder = scratch()
  const target = folder.file('x.npk')
  const packages = await packStores(folder)
  const whole = stores.map(treeOf)
  for (let round = 0; round < ROUNDS; round++) {
    await killInTheMiddle(program('unpack', packages, target), 2, (round % MOMENTS) * 3)
    NumPack.open(target).close()
    expect(whole).toContainEqual(contentOf(target))
  }
  await unpackFile({ source: packages[0]!, target, overwrite: true, verify: true }, new CountingControl())
  expect(treeOf(target)).toEqual(whole[0])
  expect(readdirSync(folder.path).sort()).toEqual(['0.npkg', '1.npkg', 'x.npk'])
})

/** Calls that make or rename something. A process killed after one leaves it. */
const MAKING = ['mkdirSync', 'symlinkSync', 'linkSync', 'renameSync']

/** Ends the process after its `count`-th call of `MAKING`. */
const killAfterCall = (count: number): string => `
  import fs from 'node:fs'
  import { syncBuiltinESMExports } from 'node:module'
  let calls = 0
  for (const name of ${JSON.stringify(MAKING)}) {
    const make = fs[name]
    fs[name] = (...args) => {
      const made = make(...args)
      if (++calls === ${count}) process.kill(process.pid, 'SIGKILL')
      return made
    }
  }
  syncBuiltinESMExports()`

test('killed while unpacking after any call that makes something: the next unpacking removes it', async () => {
  using folder = scratch()
  const target = folder.file('x.npk')
  const packages = await packStores(folder)
  const whole = stores.map(treeOf)
  for (let count = 1, begun = 0; begun < 2; count++) {
    await unpackFile({ source: packages[0]!, target, overwrite: true, verify: true }, new CountingControl())
    expect(treeOf(target)).toEqual(whole[0])
    expect(readdirSync(folder.path).sort(), `killed after call ${count - 1}`).toEqual(['0.npkg', '1.npkg', 'x.npk'])
    const script = `${killAfterCall(count)}\n${program('unpack', packages.toReversed(), target)}`
    const { signal, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
    expect(signal).toBe('SIGKILL')
    NumPack.open(target).close()
    expect(whole).toContainEqual(contentOf(target))
    begun = stdout.split('begin').length - 1
  }
})

test('what a running process is working on stays', async () => {
  using folder = scratch()
  const temporary = siblingOf(folder.file('x.npk'))
  cpSync(stores[0]!, temporary, { recursive: true })
  clearLeftovers(folder.file('x.npk'))
  expect(treeOf(temporary)).toEqual(treeOf(stores[0]!))
})

test('an unpacking that waits for a writer leaves the temporary files of that writer', async () => {
  using folder = scratch()
  const target = folder.file('x.npk')
  const [source] = await packStores(folder)
  cpSync(stores[0]!, target, { recursive: true })
  const holder = await startLockHolder(target)
  // Another thread or container counts from 1, too.
  const files = Array.from({ length: 50 }, (_, n) => join(target, `write-${process.pid}-${n + 1}.tmp`))
  for (const file of files) writeFileSync(file, 'new metadata')
  const control = new CountingControl(checks => {
    if (checks > 1000) throw new Error('given up')
  })
  const unpacking = unpackFile({ source: source!, target, overwrite: true, verify: true }, control)
  await expect(unpacking).rejects.toThrow('given up')
  await killHolder(holder)
  expect(files.map(file => readFileSync(file, 'utf8'))).toEqual(files.map(() => 'new metadata'))
})
