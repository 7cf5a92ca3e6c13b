import { lchownSync, mkdirSync, readlinkSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { NumPack } from '../storage/numpack.ts'
import { ATTACKER } from '../test-support/users.ts'
import { pack, unpack } from './index.ts'
import { scratch, treeOf } from './test-support/counting-control.ts'

/** Links of another user on the way to what is packed, restored or written to. */

const cannotGive = process.platform === 'win32' || process.geteuid?.() !== 0
const WHY = 'only root can give a link to another user'

/** A private store and its package, and a shared folder with links to both and to where they lie, all of another user. */
async function places(folder: { file: (name: string) => string }) {
  const [home, share] = [folder.file('home'), folder.file('share')]
  for (const path of [home, share]) mkdirSync(path)
  const store = join(home, 's.npk')
  NumPack.with(store, npk => npk.save({ salaries: [1, 2, 3] }))
  await pack(store, join(home, 's.npkg'))
  const other = folder.file('other.npk')
  NumPack.with(other, npk => npk.save({ a: [666] }))
  const link = (target: string, name: string): string => {
    const path = join(share, name)
    symlinkSync(target, path)
    lchownSync(path, ATTACKER, ATTACKER)
    return path
  }
  return { home, share, other, link, package: await pack(other, folder.file('other.npkg')) }
}

const refused = expect.objectContaining({ code: 'PATH_ESCAPE', message: expect.stringContaining(`user ${ATTACKER}`) })

test('a store behind a link of another user is neither packed nor written to', async ({ skip }) => {
  skip(cannotGive, WHY)
  using folder = scratch()
  const { home, share, link } = await places(folder)
  const store = link(join(home, 's.npk'), 's.npk')
  const before = treeOf(home)
  await expect(pack(store, join(share, 'x.npkg'))).rejects.toThrow(refused)
  using npk = NumPack.open(store)
  expect(npk.load('salaries').toList()).toEqual([1, 2, 3])
  expect(() => npk.save({ salaries: [0] })).toThrow(refused)
  expect(() => NumPack.open(store, { dropIfExists: true })).toThrow(refused)
  expect(treeOf(home)).toEqual(before)
})

test('nothing is packed or unpacked into a folder behind a link of another user', async ({ skip }) => {
  skip(cannotGive, WHY)
  using folder = scratch()
  const { home, other, link, package: source } = await places(folder)
  const backups = link(home, 'backups')
  const before = treeOf(home)
  for (const overwrite of [true, false]) {
    await expect(pack(other, join(backups, 's.npkg'), { overwrite })).rejects.toThrow(refused)
    await expect(unpack(source, join(backups, 's.npk'), { overwrite })).rejects.toThrow(refused)
    await expect(unpack(source, join(backups, 'new', 'x.npk'), { overwrite })).rejects.toThrow(refused)
  }
  expect(treeOf(home)).toEqual(before)
})

test('links of this user, and of the owner of the folder that they lie in, are followed', async ({ skip }) => {
  skip(cannotGive, WHY)
  using folder = scratch()
  const { home, share, other, link } = await places(folder)
  const theirs = link(home, 'latest')
  lchownSync(share, ATTACKER, ATTACKER)
  const mine = folder.file('mine')
  symlinkSync(theirs, mine)
  expect(readlinkSync(mine)).toBe(theirs)
  await pack(other, join(mine, 'new.npkg'))
  NumPack.with(join(mine, 's.npk'), npk => npk.save({ more: [1] }))
  expect(Object.keys(treeOf(home))).toContain('new.npkg')
  expect(NumPack.with(join(home, 's.npk'), npk => npk.getMemberList())).toEqual(['more', 'salaries'])
})
