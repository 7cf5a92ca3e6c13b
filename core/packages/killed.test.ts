import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { scaleCount } from '../test-support/attack-scale.ts'
import { NumPack } from '../storage/numpack.ts'
import { packStore } from './pack.ts'
import { clearLeftovers, siblingOf } from './temporary.ts'
import { CountingControl, scratch, sha256, storePath, treeOf } from './test-support/counting-control.ts'
import { unpackFile } from './unpack.ts'

const ROUNDS = scaleCount(75, { min: 12 })
const MOMENTS = 12

const program = (operation: 'pack' | 'unpack', sources: readonly string[], target: string): string => `
  import { packStore } from ${JSON.stringify(new URL('./pack.ts', import.meta.url).href)}
  import { unpackFile } from ${JSON.stringify(new URL('./unpack.ts', import.meta.url).href)}
  const control = { check() {}, expect() {}, advance() {} }
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

test('killed while packing: the target is one whole package or the other, and leftovers go', async () => {
  using folder = scratch()
  const target = folder.file('x.npkg')
  const whole = new Set<string>()
  for (const [i, source] of stores.entries()) {
    const path = folder.file(`${i}.npkg`)
    const job = { source, target: path, compression: true, version: 1, overwrite: false, verify: false } as const
    await packStore(job, new CountingControl())
    whole.add(sha256(readFileSync(path)))
    if (i === 0) cpSync(path, target)
  }
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
  const packages = stores.map((_, i) => folder.file(`${i}.npkg`))
  for (const [i, source] of stores.entries()) {
    const job = {
      source,
      target: packages[i]!,
      compression: true,
      version: 1,
      overwrite: false,
      verify: false,
    } as const
    await packStore(job, new CountingControl())
  }
  const whole = stores.map(treeOf)
  for (let round = 0; round < ROUNDS; round++) {
    await killInTheMiddle(program('unpack', packages, target), 2, (round % MOMENTS) * 3)
    NumPack.open(target).close()
    expect(whole).toContainEqual(treeOf(target))
  }
  await unpackFile({ source: packages[0]!, target, overwrite: true, verify: true }, new CountingControl())
  expect(treeOf(target)).toEqual(whole[0])
  expect(readdirSync(folder.path).sort()).toEqual(['0.npkg', '1.npkg', 'x.npk'])
})

test('what a running process is working on stays', async () => {
  using folder = scratch()
  const temporary = siblingOf(folder.file('x.npk'))
  cpSync(stores[0]!, temporary, { recursive: true })
  clearLeftovers(folder.file('x.npk'))
  expect(treeOf(temporary)).toEqual(treeOf(stores[0]!))
})
