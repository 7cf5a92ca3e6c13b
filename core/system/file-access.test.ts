import { removeFolder } from '../test-support/remove-folder.ts'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { modeInGroup, narrowest } from './file-access.ts'
import { LOCK_FILE } from '../format/names.ts'
import { noUsers, runAs, TEAM, VICTIM } from '../test-support/users.ts'

let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'numpack-file-access-'))
  chmodSync(root, 0o755)
})
afterEach(() => removeFolder(root))

describe('a file that comes into another group', () => {
  test.each([
    ['640', '600'],
    ['664', '644'],
    ['604', '600'],
    ['660', '600'],
    ['666', '666'],
  ])('with mode %s has mode %s: both groups get only what the old group and others had', (text, expected) => {
    const mode = Number.parseInt(text, 8)
    expect(modeInGroup({ mode, gid: 1 }, 2).toString(8)).toBe(expected)
    expect(modeInGroup({ mode, gid: 1 }, 1)).toBe(mode)
  })

  test('with the rows of files of two groups is for the owner alone', () => {
    expect(narrowest({ mode: 0o640, uid: 1, gid: 1 }, { mode: 0o640, uid: 1, gid: 2 })).toEqual({
      mode: 0o600,
      uid: 1,
      gid: 1,
    })
  })

  test.each([
    ['private files of two users', 0o600, 0o600, 0],
    ['a file that everybody may read, and a private one of another user', 0o644, 0o600, 2],
    ['a private file, and one of another user that everybody may read', 0o600, 0o644, 1],
  ])('of %s belongs to a user who may read both, or to root', (_, first, second, uid) => {
    const access = narrowest({ mode: first, uid: 1, gid: 1 }, { mode: second, uid: 2, gid: 1 })
    expect(access).toEqual({ mode: 0o600, uid, gid: 1 })
  })
})

test('a file for a group that its owner is no member of is not opened to the group of the owner when it is saved again', ctx => {
  const reason = noUsers()
  if (reason !== null) ctx.skip(reason)
  const home = join(root, 'home')
  mkdirSync(home)
  chownSync(home, VICTIM, VICTIM)
  const store = join(home, 's.npk')
  const index = new URL('../index.ts', import.meta.url).href
  // Saves an array; with 'print modes' as its argument, prints the mode of each file that it creates.
  const save = `
    import { NumPack } from ${JSON.stringify(index)}
    import { disk } from ${JSON.stringify(new URL('./files.ts', import.meta.url).href)}
    import { fstatSync } from 'node:fs'
    process.umask(0)
    const open = disk.open
    disk.open = (path, flags, mode) => {
      const fd = open(path, flags, mode)
      if (mode !== undefined && process.argv[1] === 'print modes') console.log((fstatSync(fd).mode & 0o777).toString(8))
      return fd
    }
    NumPack.with(${JSON.stringify(store)}, npk => npk.save({ salary: new Float64Array(4).fill(Math.random()) }))
  `
  const run = (...args: string[]) =>
    runAs(VICTIM, [process.execPath, '--input-type=module-typescript', '-e', save, ...args])
  expect(run().stderr).toBe('')
  for (const file of readdirSync(store)) {
    chownSync(join(store, file), VICTIM, TEAM)
    chmodSync(join(store, file), 0o640)
  }
  const { stdout, stderr } = run('print modes')
  expect(stderr).toBe('')
  expect(new Set(stdout.trim().split('\n'))).toEqual(new Set(['600']))
  const files = readdirSync(store).filter(file => file !== LOCK_FILE)
  const sharedFiles = files.filter(file => (statSync(join(store, file)).mode & 0o077) !== 0)
  expect(sharedFiles.filter(file => statSync(join(store, file)).gid !== TEAM)).toEqual([])
})
