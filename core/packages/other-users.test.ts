import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, test } from 'vitest'
import { NDArray } from '../array/ndarray.ts'
import { NumPack } from '../storage/numpack.ts'
import { ATTACKER, asUser, noUsers, runAs, VICTIM } from '../test-support/users.ts'
import { pack } from './index.ts'
import { scratch } from './test-support/counting-control.ts'

const noOthers = noUsers()

const moduleOf = (file: string): string => JSON.stringify(new URL(file, import.meta.url).href)

function run(uid: number, program: string, env: NodeJS.ProcessEnv = {}): { stdout: string; stderr: string } {
  const command = [process.execPath, '--input-type=module', '-e', program]
  return runAs(uid, command, { env: { PATH: process.env['PATH'], ...env }, timeout: 50_000 })
}

async function packageOf(folder: { file: (name: string) => string; path: string }, value = 7): Promise<string> {
  chmodSync(folder.path, 0o755)
  const home = folder.file('victim')
  mkdirSync(home)
  const store = folder.file('store.npk')
  NumPack.with(store, npk =>
    npk.save({ a: NDArray.from(new Uint8Array(16_000_000).fill(value), { shape: [16_000_000] }) }),
  )
  const target = await pack(store, join(home, 'private.npkg'))
  chmodSync(target, 0o600)
  for (const path of [target, home]) chownSync(path, VICTIM, VICTIM)
  return target
}

const opening = (source: string, options: object): string => `
  import { openPackage } from ${moduleOf('./index.ts')}
  try {
    using opened = await openPackage(${JSON.stringify(source)}, ${JSON.stringify(options)})
    const sum = opened.load('a').data.reduce((sum, value) => sum + value, 0)
    console.log('read', sum)
    await new Promise(resolve => process.stdin.once('data', resolve))
    process.stdin.destroy()
  } catch (error) {
    console.log(error.code, error.message)
  }
`

describe('another user', () => {
  test('can read nothing of what is decompressed, wherever that is', async ctx => {
    if (noOthers !== null) ctx.skip(noOthers)
    using folder = scratch()
    const source = await packageOf(folder)
    mkdirSync(folder.file('shared'))
    chmodSync(folder.file('shared'), 0o1777)
    for (const options of [{}, { cacheFolder: folder.file('shared') }]) {
      const [setpriv, ...args] = asUser(VICTIM)
      const command = [...args, process.execPath, '--input-type=module', '-e', opening(source, options)]
      const env = { PATH: process.env['PATH'], HOME: join(folder.path, 'victim') }
      const child = spawn(setpriv, command, { stdio: ['pipe', 'pipe', 'inherit'], env })
      const ended = once(child, 'exit')
      for await (const line of createInterface({ input: child.stdout })) {
        expect(line).toBe(`read ${7 * 16_000_000}`)
        const look = `find ${folder.path} -name '*.spool' -exec cat {} + 2>/dev/null | wc -c`
        const read = runAs(ATTACKER, ['sh', '-c', look]).stdout
        expect(read.trim()).toBe('0')
        const own = spawnSync('sh', ['-c', `find ${folder.path} -name '*.spool' -size +1000k`], { encoding: 'utf8' })
        expect(own.stdout.trim()).not.toBe('')
        child.stdin.write('enough')
      }
      await ended
    }
  })

  test('who made the cache folder first gets nothing into it, and no file written through it', async ctx => {
    if (noOthers !== null) ctx.skip(noOthers)
    using folder = scratch()
    const source = await packageOf(folder)
    const profile = folder.file('victim/.bashrc')
    writeFileSync(profile, 'precious')
    chownSync(profile, VICTIM, VICTIM)
    const cache = folder.file('cache')
    mkdirSync(cache)
    chownSync(cache, ATTACKER, ATTACKER)
    for (const mode of [0o777, 0o1777, 0o755]) {
      chmodSync(cache, mode)
      const { stdout } = run(VICTIM, opening(source, { cacheFolder: cache }), { HOME: folder.file('victim') })
      expect(stdout).toMatch(/^IO .*Choose another folder/)
      expect(readdirSync(cache)).toEqual([])
    }
    chownSync(cache, VICTIM, VICTIM)
    chmodSync(cache, 0o777)
    expect(run(VICTIM, opening(source, { cacheFolder: cache })).stdout).toMatch(/^IO .*other users may change/)
    const own = folder.file('victim/.cache')
    mkdirSync(own)
    chownSync(own, VICTIM, VICTIM)
    chmodSync(own, 0o775)
    expect(run(VICTIM, opening(source, {}), { HOME: folder.file('victim') }).stdout).toMatch(/^IO .*other users may/)
    expect(readdirSync(own)).toEqual([])
    expect(readFileSync(profile, 'utf8')).toBe('precious')
  })

  test('can exchange the folder of a spool for links at any moment: none is written through', async ctx => {
    if (noOthers !== null) ctx.skip(noOthers)
    using folder = scratch()
    const source = await packageOf(folder)
    const profile = folder.file('victim/.bashrc')
    writeFileSync(profile, 'precious')
    const program = `
      import { mkdirSync, renameSync, symlinkSync } from 'node:fs'
      import { dirname } from 'node:path'
      import { makeSpool, makeSpoolFolder } from ${moduleOf('./spool-folder.ts')}
      import { spoolEntry } from ${moduleOf('./spool-job.ts')}
      import { newSpoolState, waitForSpool, wantSpool } from ${moduleOf('./spool-state.ts')}
      import { openPackageFile, readIndex } from ${moduleOf('./package-file.ts')}
      using input = openPackageFile(${JSON.stringify(source)})
      const { entries } = await readIndex(input)
      const entry = entries.find(({ name }) => name === 'data_a.npkd')
      const folder = makeSpoolFolder(${JSON.stringify(folder.file('cache'))})
      const { path, identity } = makeSpool(folder, 0, entry.originalSize)
      renameSync(folder, folder + '.away')
      mkdirSync(folder)
      symlinkSync(${JSON.stringify(profile)}, path)
      const state = newSpoolState()
      wantSpool(state, entry.originalSize)
      const spool = { path, identity, taken: new BigInt64Array(new SharedArrayBuffer(8)) }
      const source = { path: input.path, state: input.state, zstd: undefined }
      await spoolEntry({ package: source, entry, spool, state }, { check() {}, addTotal() {}, advance() {} })
      try {
        waitForSpool(state, 1, () => true)
      } catch (error) {
        console.log(error.code)
      }
    `
    expect(run(0, program).stdout.trim()).toBe('IO')
    expect(readFileSync(profile, 'utf8')).toBe('precious')
  })

  test('has no leftovers of theirs, and no links, cleared away by who comes next', async ctx => {
    if (noOthers !== null) ctx.skip(noOthers)
    using folder = scratch()
    chmodSync(folder.path, 0o755)
    const shared = folder.file('shared')
    mkdirSync(shared)
    chmodSync(shared, 0o1777)
    const home = folder.file('victim')
    mkdirSync(home)
    writeFileSync(join(home, '0.spool'), 'precious')
    writeFileSync(join(home, 'data_a.npkd'), 'precious')
    for (const path of [home, join(home, '0.spool'), join(home, 'data_a.npkd')]) chownSync(path, VICTIM, VICTIM)
    const plant = `
      import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
      import { dirname, join } from 'node:path'
      import { siblingOf } from ${moduleOf('./temporary.ts')}
      const shared = ${JSON.stringify(shared)}
      for (const base of ['numpack-packages', 'x.npk', 'x.npkg']) {
        symlinkSync(${JSON.stringify(home)}, siblingOf(join(shared, base)))
        const made = siblingOf(join(shared, base))
        mkdirSync(made)
        writeFileSync(join(made, '0.spool'), '')
        writeFileSync(join(made, 'data_a.npkd'), '')
      }
    `
    expect(run(ATTACKER, plant).stderr).toBe('')
    const own = `${plant}
      const left = siblingOf(join(shared, 'numpack-packages'))
      mkdirSync(left)
      symlinkSync(${JSON.stringify(join(home, '0.spool'))}, join(left, '0.spool'))
      writeFileSync(join(left, 'notes.txt'), '')
    `
    expect(run(VICTIM, own).stderr).toBe('')
    const clear = `
      import { join } from 'node:path'
      import { clearSpools } from ${moduleOf('./spool-folder.ts')}
      import { clearLeftovers } from ${moduleOf('./temporary.ts')}
      clearSpools(${JSON.stringify(shared)})
      for (const name of ['x.npk', 'x.npkg']) clearLeftovers(join(${JSON.stringify(shared)}, name))
    `
    const before = readdirSync(shared)
    expect(run(VICTIM, clear).stderr).toBe('')
    expect(readdirSync(home).sort()).toEqual(['0.spool', 'data_a.npkd'])
    expect(readFileSync(join(home, '0.spool'), 'utf8')).toBe('precious')
    const gone = before.filter(name => !existsSync(join(shared, name)))
    expect(gone).toEqual([])
    const ofAttacker = before.filter(name => statSync(join(shared, name)).uid === ATTACKER)
    for (const name of ofAttacker) expect(readdirSync(join(shared, name)).sort()).toEqual(['0.spool', 'data_a.npkd'])
    expect(
      readdirSync(shared, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('notes.txt')),
    ).toHaveLength(1)
  })

  test('reads neither the package nor the store that is made of private ones, not even for a moment', async ctx => {
    if (noOthers !== null) ctx.skip(noOthers)
    using folder = scratch()
    const source = await packageOf(folder)
    const shared = folder.file('shared')
    mkdirSync(shared)
    chmodSync(shared, 0o1777)
    const watch = `
      import { readdirSync, readFileSync } from 'node:fs'
      import { join } from 'node:path'
      const attempt = work => {
        try {
          return work()
        } catch {
          return null
        }
      }
      const look = folder => {
        for (const entry of attempt(() => readdirSync(folder, { withFileTypes: true })) ?? []) {
          const path = join(folder, entry.name)
          if (entry.isDirectory()) look(path)
          else if (attempt(() => readFileSync(path)) !== null) console.log('read', path)
        }
      }
      console.log('watching')
      process.stdin.once('data', () => process.exit())
      const again = () => {
        look(${JSON.stringify(shared)})
        setImmediate(again)
      }
      again()
    `
    const [setpriv, ...args] = asUser(ATTACKER)
    const command = [...args, process.execPath, '--input-type=module', '-e', watch]
    const child = spawn(setpriv, command, { stdio: ['pipe', 'pipe', 'ignore'] })
    const ended = once(child, 'exit')
    const seen: string[] = []
    for await (const line of createInterface({ input: child.stdout })) {
      seen.push(line)
      if (line !== 'watching') continue
      const program = `
        import { pack, unpack } from ${moduleOf('./index.ts')}
        const store = await unpack(${JSON.stringify(source)}, ${JSON.stringify(join(shared, 'x.npk'))})
        const target = await pack(store)
        await pack(store, target, { overwrite: true })
        await unpack(target, store, { overwrite: true })
      `
      expect(run(VICTIM, program, { HOME: folder.file('victim') }).stderr).toBe('')
      expect(readdirSync(shared).sort()).toEqual(['x.npk', 'x.npkg'])
      child.stdin.write('enough')
    }
    await ended
    expect(seen).toEqual(['watching'])
    expect(child.exitCode).toBe(0)
  })
})

test('a link that is put in the place of a data file while a store is packed pulls no foreign file into the package', async ctx => {
  if (noOthers !== null) ctx.skip(noOthers)
  using folder = scratch()
  chmodSync(folder.path, 0o755)
  const store = folder.file('x.npk')
  NumPack.with(store, npk => npk.save({ a: NDArray.from(new Uint8Array(1000).fill(1), { shape: [1000] }) }))
  cpSync(store, folder.file('y.npk'), { recursive: true })
  const secret = folder.file('secret')
  writeFileSync(secret, Buffer.alloc(1000, 'SECRET'))
  const file = join(store, 'data_a.npkd')
  // Exchanged at once and for ever, as renameat2(RENAME_EXCHANGE) does.
  const exchange = `
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
a, b = ${JSON.stringify(file)}.encode(), ${JSON.stringify(join(store, 'other'))}.encode()
os.symlink(${JSON.stringify(secret)}, b)
print('at work', flush=True)
while True: libc.renameat2(-100, a, -100, b, 2)
`
  if (spawnSync('python3', ['-c', '']).status !== 0) ctx.skip('python3 is not installed')
  const child = spawn('python3', ['-c', exchange], { stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = once(child, 'exit')
  await once(child.stdout, 'data')
  const outcomes: string[] = []
  for (let i = 0; i < 15; i++) {
    const target = folder.file(`${i}.npkg`)
    const outcome = await pack(store, target, { compression: false }).then(
      () => (readFileSync(target).includes('SECRET') ? 'pulled in' : 'packed'),
      (error: { code: string }) => error.code,
    )
    outcomes.push(outcome)
  }
  child.kill()
  await ended
  const allowed = new Set(['packed', 'PATH_ESCAPE', 'CHANGED_ON_DISK', 'NOT_FOUND', 'DAMAGED'])
  expect(outcomes.filter(outcome => !allowed.has(outcome))).toEqual([])
})
