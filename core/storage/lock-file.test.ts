import { removeFolder } from '../test-support/remove-folder.ts'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isLockFolder, LOCK_FILE } from '../format/names.ts'
import { withLock } from '../system/lock.ts'
import { NumPack } from './numpack.ts'
import { asMember, ATTACKER, noUsers, runAs, TEAM, VICTIM } from '../test-support/users.ts'
import { NO_MODES } from '../test-support/missing.ts'
import { describeUnless } from '../test-support/test-unless.ts'

const index = new URL('../index.ts', import.meta.url).href

let root = ''
let store = ''
let lock = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'numpack-lock-'))
  chmodSync(root, 0o755)
  store = join(root, 's.npk')
  lock = join(store, LOCK_FILE)
})
afterEach(() => removeFolder(root))

const modeOf = (path: string): string => (lstatSync(path).mode & 0o777).toString(8)

describeUnless(NO_MODES)('the lock file', () => {
  test.each([
    ['755', '600'],
    ['775', '660'],
    ['777', '666'],
    ['700', '600'],
  ])(
    'can be opened by those who may write to a store of mode %s, and nobody else, whatever it was before',
    (mode, expected) => {
      mkdirSync(store)
      chmodSync(store, mode)
      withLock(store, () => {})
      expect(modeOf(lock)).toBe(expected)
      for (const before of [0o644, 0o600, 0o666]) {
        const made = join(root, `${before}.npk`)
        mkdirSync(made)
        chmodSync(made, mode)
        writeFileSync(join(made, LOCK_FILE), '')
        chmodSync(join(made, LOCK_FILE), before)
        withLock(made, () => {})
        expect(modeOf(join(made, LOCK_FILE))).toBe(expected)
        expect(readdirSync(made)).toEqual([LOCK_FILE])
      }
    },
  )

  test.each([
    ['755', 'by its own name', 0],
    ['775', 'through an entry', 1],
    ['777', 'through an entry', 1],
  ])('in a folder of mode %s is opened %s', (mode, _how, entries) => {
    // With access control lists the group's bits are those of the users in the list.
    mkdirSync(store)
    chmodSync(store, mode)
    withLock(store, () => expect(readdirSync(store).filter(isLockFolder)).toHaveLength(entries))
    expect(readdirSync(store)).toEqual([LOCK_FILE])
  })

  test('of a snapshot of hard links is not the one of the store', () => {
    mkdirSync(store)
    withLock(store, () => {})
    const snapshot = join(root, 'snapshot.lock')
    linkSync(lock, snapshot)
    withLock(store, () => {})
    expect(statSync(lock).ino).not.toBe(statSync(snapshot).ino)
    expect([statSync(lock).nlink, statSync(snapshot).nlink]).toEqual([1, 1])
  })

  test('excludes others even if it is replaced again and again because it gets second names', async () => {
    NumPack.with(store, npk => npk.save({ a: [1] }))
    const script = `
      import { NumPack } from ${JSON.stringify(index)}
      for (let i = 0; i < 40; i++) NumPack.with(${JSON.stringify(store)}, npk => npk.save({ [process.argv[1] + i]: [i] }))
    `
    const writers = ['v', 'w'].map(name =>
      spawn(process.execPath, ['--input-type=module-typescript', '-e', script, name], {
        stdio: ['ignore', 'ignore', 'pipe'],
      }),
    )
    const errors: string[] = []
    for (const { stderr } of writers) stderr.on('data', chunk => errors.push(String(chunk)))
    const ended = Promise.all(writers.map(writer => once(writer, 'exit')))
    const isRunning = () => writers.some(({ exitCode, signalCode }) => exitCode === null && signalCode === null)
    const second = join(root, 'second')
    let links = 0
    while (isRunning()) {
      try {
        linkSync(lock, second)
        links++
        unlinkSync(second)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      }
      await setImmediate()
    }
    await ended
    expect(errors).toEqual([])
    expect(links).toBeGreaterThan(0)
    using npk = NumPack.open(store, { readOnly: true })
    expect(npk.getMemberList()).toHaveLength(81)
  })
})

const saveAs = (user: number): string => {
  const script = `
    import { NumPack } from ${JSON.stringify(index)}
    try {
      NumPack.with(${JSON.stringify(store)}, npk => npk.save({ b: [2] }))
      console.log('saved')
    } catch (error) {
      console.log(error.code, error.message)
    }
  `
  return runAs(user, [process.execPath, '--input-type=module-typescript', '-e', script]).stdout.trim()
}

function saveAsMember(user: number): string {
  const script = `import { NumPack } from ${JSON.stringify(index)}
    process.umask(0o022)
    NumPack.with(${JSON.stringify(store)}, npk => npk.save({ [process.argv[1]]: [1] }))`
  const args = [process.execPath, '--input-type=module-typescript', '-e', script, `of${user}`]
  const [setpriv, ...options] = asMember(user, TEAM)
  const { status, stderr } = spawnSync(setpriv, [...options, ...args], { encoding: 'utf8' })
  return status === 0 ? 'saved' : stderr
}

const makeStore = (owner: number, group: number, mode: number): void => {
  NumPack.with(store, npk => npk.save({ a: [1] }))
  for (const path of [store, ...readdirSync(store).map(file => join(store, file))]) chownSync(path, owner, group)
  chmodSync(store, mode)
  rmSync(lock)
}

describe('between two users', () => {
  test('the lock that root makes in the store of a user belongs to that user', ctx => {
    const reason = noUsers()
    if (reason !== null) ctx.skip(reason)
    makeStore(VICTIM, TEAM, 0o755)
    NumPack.with(store, npk => npk.save({ a: [1, 2] }))
    expect(lstatSync(lock)).toMatchObject({ uid: VICTIM, gid: TEAM })
    expect(modeOf(lock)).toBe('600')
    expect(saveAs(VICTIM)).toBe('saved')
  })

  test('the lock that root left in the store of a user is given to that user when root writes again', ctx => {
    const reason = noUsers()
    if (reason !== null) ctx.skip(reason)
    makeStore(VICTIM, TEAM, 0o755)
    writeFileSync(lock, '')
    NumPack.with(store, npk => npk.save({ a: [1, 2] }))
    expect(lstatSync(lock)).toMatchObject({ uid: VICTIM, gid: TEAM })
  })

  test.for(['644', '600'])(
    'a lock of mode %s of another user, which excludes nobody, is an error that says what to do',
    (mode, ctx) => {
      const reason = noUsers()
      if (reason !== null) ctx.skip(reason)
      makeStore(VICTIM, TEAM, 0o755)
      writeFileSync(lock, '')
      chmodSync(lock, mode)
      expect(saveAs(VICTIM)).toMatch(/^IO .*can't be locked.*belongs to user 0.*chmod.*remove it/)
      using npk = NumPack.open(store, { readOnly: true })
      expect(npk.getMemberList()).toEqual(['a'])
    },
  )

  test('who may only read a store cannot open its lock, which would keep the owner from writing', ctx => {
    const reason = noUsers()
    if (reason !== null) ctx.skip(reason)
    makeStore(VICTIM, TEAM, 0o755)
    writeFileSync(lock, '')
    chmodSync(lock, 0o644)
    chownSync(lock, VICTIM, TEAM)
    const read = () => runAs(ATTACKER, ['cat', lock]).status
    expect(read()).toBe(0)
    expect(saveAs(VICTIM)).toBe('saved')
    expect(read()).not.toBe(0)
  })

  test('both members of a group lock the store that both may write to, whoever made the lock', ctx => {
    const reason = noUsers()
    if (reason !== null) ctx.skip(reason)
    makeStore(VICTIM, TEAM, 0o2775)
    expect(saveAsMember(VICTIM)).toBe('saved')
    expect(modeOf(lock)).toBe('660')
    expect(lstatSync(lock)).toMatchObject({ uid: VICTIM, gid: TEAM })
    expect(saveAsMember(ATTACKER)).toBe('saved')
  })
})
