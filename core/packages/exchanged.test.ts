import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, cpSync, lstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { NDArray } from '../array/ndarray.ts'
import { NumPack } from '../storage/numpack.ts'
import { ATTACKER, asUser, noUsers, runAs, TEAM, VICTIM } from '../test-support/users.ts'
import { getPackageInfo, pack } from './index.ts'
import { scratch } from './test-support/counting-control.ts'

const moduleOf = (file: string): string => JSON.stringify(new URL(file, import.meta.url).href)

const stepwise = (module: string, work: string, job: object): string => `
  import { readSync, writeSync } from 'node:fs'
  import { ${work} } from ${moduleOf(module)}
  const check = () => {
    writeSync(1, 'check\\n')
    readSync(0, new Uint8Array(1))
  }
  try {
    await ${work}(${JSON.stringify(job)}, { check, addTotal() {}, advance() {} })
    writeSync(1, 'done\\n')
  } catch (error) {
    writeSync(1, (error.code ?? error.stack) + ' ' + error.message + '\\n')
  }
`

async function runStepwise(
  program: string,
  home: string,
  at: (check: number) => void,
  group?: number,
): Promise<string> {
  const [setpriv, ...args] = asUser(VICTIM, group)
  const child = spawn(setpriv, [...args, process.execPath, '--input-type=module', '-e', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], HOME: home },
  })
  const ended = once(child, 'exit')
  let checks = 0
  let said = ''
  for await (const data of child.stdout) {
    said += String(data)
    if (!said.endsWith('check\n')) continue
    said = ''
    at(++checks)
    child.stdin.write('.')
  }
  await ended
  return said.trim()
}

const saved = (store: string, name: string, value: number): void =>
  NumPack.with(store, npk => npk.save({ [name]: NDArray.from(new Uint8Array(32).fill(value), { shape: [32] }) }))

const whole = (store: string): string[] =>
  readdirSync(store).map(name => {
    const { mode, uid } = statSync(join(store, name))
    return `${name} ${mode.toString(8)} ${uid} ${readFileSync(join(store, name), 'hex')}`
  })

function places(folder: { path: string; file: (name: string) => string }) {
  chmodSync(folder.path, 0o755)
  const [home, shared] = [folder.file('victim'), folder.file('shared')]
  const store = join(home, 'private.npk')
  mkdirSync(home, 0o700)
  saved(store, 'a', 77)
  NumPack.with(store, npk => npk.drop('a', [0]))
  mkdirSync(shared)
  for (const name of readdirSync(store)) chownSync(join(store, name), VICTIM, VICTIM)
  for (const path of [home, store]) chownSync(path, VICTIM, VICTIM)
  const emptied = (): string => {
    rmSync(shared, { recursive: true })
    mkdirSync(shared)
    chmodSync(shared, 0o777)
    chownSync(shared, ATTACKER, ATTACKER)
    return shared
  }
  return { home, store, emptied }
}

function exchange(shared: string, names: string, to: string): boolean {
  const script = `for t in ${names}; do if [ -e "$t" ] && [ ! -L "$t" ]; then mv "$t" away && ln -s '${to}' "$t" && echo done; fi; done`
  return runAs(ATTACKER, ['sh', '-c', script], { cwd: shared }).stdout.includes('done')
}

const exchanged = {
  'the half-made folder of a new store': { names: '.x.npk.*.tmp', over: false },
  'the half-made folder of a store that replaces another': { names: '.x.npk.*.tmp', over: true },
  'the store that is replaced': { names: 'x.npk', over: true },
}

test.for(Object.entries(exchanged))(
  '%s can be exchanged for a link to a private store at any moment: that stays as it is',
  { timeout: 120_000 },
  async ([, { names, over }], ctx) => {
    const reason = noUsers()
    if (reason !== null) ctx.skip(reason)
    using folder = scratch()
    const { home, store, emptied } = places(folder)
    const before = whole(store)
    saved(folder.file('other.npk'), 'a', 1)
    NumPack.with(folder.file('other.npk'), npk => npk.save({ b: NDArray.from(new Uint8Array(8), { shape: [8] }) }))
    const source = await pack(folder.file('other.npk'))
    chmodSync(source, 0o644)
    let exchanges = 0
    let [outcome, last] = ['', 0]
    for (let moment = 1; moment <= last + 1; moment++) {
      const shared = emptied()
      const target = join(shared, 'x.npk')
      if (over) {
        saved(target, 'old', 2)
        for (const name of readdirSync(target)) chownSync(join(target, name), VICTIM, VICTIM)
        chownSync(target, VICTIM, VICTIM)
        chmodSync(target, 0o777)
      }
      const job = { source, target, overwrite: over, verify: true }
      outcome = await runStepwise(stepwise('./unpack.ts', 'unpackFile', job), home, check => {
        last = check
        if (check === moment && exchange(shared, names, store)) exchanges++
      })
      expect(whole(store), `exchanged at check ${moment}: ${outcome}`).toEqual(before)
      expect(outcome).toMatch(/^(?:done|[A-Z_]+ )/)
      expect(outcome).not.toContain('/proc/')
    }
    expect(outcome).toBe('done')
    expect(exchanges).toBeGreaterThan(3)
  },
)

test('a half-made package can be exchanged for a link at any moment: the link never becomes the package', {
  timeout: 120_000,
}, async ctx => {
  const reason = noUsers()
  if (reason !== null) ctx.skip(reason)
  using folder = scratch()
  const { home, store, emptied } = places(folder)
  const before = whole(store)
  let exchanges = 0
  let [outcome, last] = ['', 0]
  for (let moment = 1; moment <= last + 1; moment++) {
    const target = join(emptied(), 'x.npkg')
    const job = { source: store, target, compression: true, overwrite: false, version: 1, verify: false }
    outcome = await runStepwise(stepwise('./pack.ts', 'packStore', job), home, check => {
      last = check
      if (check === moment && exchange(dirname(target), '.x.npkg.*.tmp', join(store, 'data_a.npkd'))) exchanges++
    })
    expect(whole(store), `exchanged at check ${moment}: ${outcome}`).toEqual(before)
    expect(outcome).toMatch(/^(?:done|CHANGED_ON_DISK .*)$/s)
    expect(lstatSync(target, { throwIfNoEntry: false })?.isFile() ?? false).toBe(outcome === 'done')
  }
  expect(outcome).toBe('done')
  expect((await getPackageInfo(join(folder.file('shared'), 'x.npkg'))).fault).toBeNull()
  expect(exchanges).toBeGreaterThan(3)
})

/** Makes the half-made store refuse links, replaces its bitmap by a link to a private file and removes a file. */
const plant = (secret: string): string => `
  umask 022
  for d in .x.npk.*.tmp; do
    cd "$d" || exit
    touch write-1-1.tmp && echo "$d"
    cat metadata.npkm > write-1-1.tmp && mv -f write-1-1.tmp metadata.npkm
    rm -f deleted_a.npkb data_a.npkd && ln -s '${secret}' deleted_a.npkb
  done`

test.for([true, false])(
  'a half-made store can’t be entered by who may write to the folder around it (replaces another: %s)',
  { timeout: 120_000 },
  async (over, ctx) => {
    const reason = noUsers()
    if (reason !== null) ctx.skip(reason)
    using folder = scratch()
    const { home, store } = places(folder)
    const source = await pack(store, join(home, 'private.npkg'))
    chownSync(source, VICTIM, TEAM)
    chmodSync(source, 0o664)
    const secret = join(home, 'id_rsa')
    writeFileSync(secret, 'PRIVATE KEY', { mode: 0o600 })
    chownSync(secret, VICTIM, VICTIM)
    const shared = folder.file('shared')
    const target = join(shared, 'x.npk')
    if (over) cpSync(store, target, { recursive: true })
    const made = over ? [target, ...readdirSync(target).map(name => join(target, name))] : []
    for (const path of [shared, ...made]) chownSync(path, VICTIM, TEAM)
    for (const path of [shared, ...made]) chmodSync(path, statSync(path).isFile() ? 0o664 : 0o2775)
    const program = `process.umask(0o002)\n${stepwise('./unpack.ts', 'unpackFile', { source, target, overwrite: over, verify: true })}`
    let [entered, looks] = ['', 0]
    const outcome = await runStepwise(
      program,
      home,
      () => {
        looks++
        const [setpriv, ...args] = asUser(ATTACKER, TEAM)
        entered += spawnSync(setpriv, [...args, 'sh', '-c', plant(secret)], { cwd: shared, encoding: 'utf8' }).stdout
      },
      TEAM,
    )
    expect([outcome, entered]).toEqual(['done', ''])
    expect(readdirSync(shared)).toEqual(['x.npk'])
    expect(statSync(target).mode & 0o7777).toBe(0o2775)
    expect(spawnSync('grep', ['-rl', 'PRIVATE KEY', shared], { encoding: 'utf8' }).stdout).toBe('')
    expect(looks).toBeGreaterThan(3)
  },
)
