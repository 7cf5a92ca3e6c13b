import { removeFolder } from '../test-support/remove-folder.ts'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { HOLDER_FILE, LOCK_FILE } from '../format/names.ts'
import { killHolder, startLockHolder, tryToLock } from '../test-support/lock-programs.ts'
import { asMember, asUser, ATTACKER, noUsers, TEAM, VICTIM } from '../test-support/users.ts'
import { statPath } from './file-stat.ts'
import { HeldFolder } from './held-folder.ts'
import { withLock } from './lock.ts'
import { NO_MODES, NO_PROC } from '../test-support/missing.ts'
import { describeUnless } from '../test-support/test-unless.ts'

let root = ''
let store = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'numpack-lock-'))
  chmodSync(root, 0o755)
  store = join(root, 's.npk')
  mkdirSync(store)
})
afterEach(() => removeFolder(root))

describeUnless(NO_MODES)('the lock of a store', () => {
  test.each(['755', '775'])('of a folder of mode %s holds when its holder copies the folder', mode => {
    chmodSync(store, mode)
    withLock(store, () => {
      cpSync(store, join(root, 'copy.npk'), { recursive: true, filter: path => !/lock\.\d/.test(path) })
      expect(tryToLock(store)).toBe('LOCKED')
      expect(tryToLock(join(root, 'copy.npk'))).toBe('locked')
    })
    expect(tryToLock(store)).toBe('locked')
    expect(readdirSync(store)).toEqual([LOCK_FILE])
  })

  test('of a process that was killed can be taken at once', async () => {
    const holder = await startLockHolder(store)
    expect(tryToLock(store)).toBe('LOCKED')
    await killHolder(holder)
    expect(existsSync(join(store, HOLDER_FILE))).toBe(true)
    expect(tryToLock(store)).toBe('locked')
    expect(readdirSync(store)).toEqual([LOCK_FILE])
  })

  test.each([
    '',
    'x',
    '1 1 1 1',
    '9'.repeat(300),
    `1:1 pid:[1] 5 ${process.pid}`,
    `1:1 pid:[1] 5 ${process.pid} ${process.pid}`,
  ])('can be taken beside a holder file that says %j', text => {
    writeFileSync(join(store, HOLDER_FILE), text)
    expect(tryToLock(store)).toBe('locked')
    expect(readdirSync(store)).toEqual([LOCK_FILE])
  })
})

/** Claims the lock by another copy of the module. */
const claimIn = async (copy: string): Promise<Disposable | null> => {
  const { claimLock } = (await import(
    /* @vite-ignore */ `./lock-holder.ts?${copy}`
  )) as typeof import('./lock-holder.ts')
  return claimLock(HeldFolder.openPath(store), statPath(join(store, LOCK_FILE)))
}

describeUnless(NO_PROC)('two copies of the library in one process', () => {
  beforeEach(() => writeFileSync(join(store, LOCK_FILE), ''))

  test('are one writer after the other in one thread', async () => {
    const first = await claimIn('a')
    expect(first).not.toBeNull()
    expect(await claimIn('b')).toBeNull()
    first?.[Symbol.dispose]()
    expect(await claimIn('b')).not.toBeNull()
  })

  test('are one writer after the other in two threads, also when one of these dies', async () => {
    const script = `
      const { claimLock } = await import(${JSON.stringify(new URL('./lock-holder.ts', import.meta.url).href)})
      const { HeldFolder } = await import(${JSON.stringify(new URL('./held-folder.ts', import.meta.url).href)})
      const { statPath } = await import(${JSON.stringify(new URL('./file-stat.ts', import.meta.url).href)})
      const { parentPort } = await import('node:worker_threads')
      parentPort.postMessage(claimLock(HeldFolder.openPath(${JSON.stringify(store)}), statPath(${JSON.stringify(join(store, LOCK_FILE))})) !== null)
      setInterval(() => {}, 1000)`
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(script)}`), { execArgv: [] })
    const [isClaimed] = (await once(worker, 'message')) as [boolean]
    expect(isClaimed).toBe(true)
    expect(await claimIn('a')).toBeNull()
    await worker.terminate()
    expect(await claimIn('a')).not.toBeNull()
  })
})

test('a lock that one member of a group holds keeps the others out', async ctx => {
  const reason = noUsers()
  if (reason !== null) ctx.skip(reason)
  chownSync(store, VICTIM, TEAM)
  chmodSync(store, 0o2775)
  const holder = await startLockHolder(store, asMember(VICTIM, TEAM))
  const outcome = (): string => tryToLock(store, asMember(ATTACKER, TEAM))
  expect(outcome()).toBe('LOCKED')
  await killHolder(holder)
  expect(outcome()).toBe('locked')
})

test('a lock from when others could write to a store is replaced once they can’t', async ctx => {
  const reason = noUsers()
  if (reason !== null) ctx.skip(reason)
  chownSync(store, VICTIM, VICTIM)
  chmodSync(store, 0o777)
  await killHolder(await startLockHolder(store, asUser(ATTACKER)))
  expect(statSync(join(store, LOCK_FILE)).uid).toBe(ATTACKER)
  chmodSync(join(store, LOCK_FILE), 0o666)
  chmodSync(store, 0o755)
  expect(tryToLock(store, asUser(VICTIM))).toBe('locked')
  expect(statSync(join(store, LOCK_FILE)).uid).toBe(VICTIM)
})

const SOURCE = join(import.meta.dirname, '../test-support/no-locks.c')

test('a disk without file locks is an error at once that says how to go on', ctx => {
  const library = join(root, 'no-locks.so')
  if (process.platform !== 'linux' || spawnSync('cc', ['-shared', '-fPIC', '-o', library, SOURCE, '-ldl']).status !== 0)
    ctx.skip('a disk without locks is made by a C compiler, on Linux')
  const index = JSON.stringify(new URL('../index.ts', import.meta.url).href)
  const script = `import { NumPack } from ${index}
    const begin = performance.now()
    try {
      NumPack.with(${JSON.stringify(store)}, npk => npk.save({ a: [1, 2] }))
      console.log('saved')
    } catch (error) {
      console.log(error.code, error.details.reason, performance.now() - begin < 5000, error.message)
    }`
  const save = (env: NodeJS.ProcessEnv): string =>
    spawnSync(process.execPath, ['--input-type=module-typescript', '-e', script], {
      encoding: 'utf8',
      env: { ...process.env, LD_PRELOAD: library, ...env },
    }).stdout.trim()
  for (const mode of [0o755, 0o777]) {
    chmodSync(store, mode)
    expect(save({})).toMatch(/^IO NO_LOCKS true .*has no file locks.*set NUMPACK_FILE_LOCKING=best-effort/)
    expect(readdirSync(store).filter(name => name !== LOCK_FILE && name !== 'metadata.npkm')).toEqual([])
  }
  expect(save({ NUMPACK_FILE_LOCKING: 'best-effort' })).toBe('saved')
  expect(readdirSync(store).sort()).toEqual([LOCK_FILE, 'data_a.npkd', 'metadata.npkm'])
})
