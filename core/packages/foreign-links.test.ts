import { lchownSync, mkdirSync, renameSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { NumPackError } from '../format/errors.ts'
import { NumPack } from '../storage/numpack.ts'
import { ATTACKER } from '../test-support/users.ts'
import { getPackageInfo, pack, unpack } from './index.ts'
import { packStore } from './pack.ts'
import { CountingControl, scratch, treeOf } from './test-support/counting-control.ts'
import { unpackFile } from './unpack.ts'
import { NO_LINKS, NO_ROOT } from '../test-support/missing.ts'
import { testUnless } from '../test-support/test-unless.ts'

const cannotGive = NO_ROOT !== null
const WHY = NO_ROOT ?? ''

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
  expect(() => NumPack.open(join(link(home, 'there'), 'new', 's.npk'))).toThrow(refused)
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

test('a folder of another user in the place of one of this user leads nowhere else by its links', async ({ skip }) => {
  skip(cannotGive, WHY)
  using folder = scratch()
  const { home, share, other, package: source } = await places(folder)
  const project = join(share, 'project')
  mkdirSync(project)
  for (const [name, target] of [
    ['s.npk', join(home, 's.npk')],
    ['backups', home],
  ] as const) {
    symlinkSync(target, join(project, name))
    lchownSync(join(project, name), ATTACKER, ATTACKER)
  }
  lchownSync(project, ATTACKER, ATTACKER)
  const before = treeOf(home)
  const store = join(project, 's.npk')
  await expect(pack(store, join(share, 'x.npkg'))).rejects.toThrow(refused)
  expect(() => NumPack.with(store, npk => npk.save({ written: [1] }))).toThrow(refused)
  await expect(pack(other, join(project, 'backups', 's.npkg'), { overwrite: true })).rejects.toThrow(refused)
  await expect(unpack(source, join(project, 'backups', 's.npk'), { overwrite: true })).rejects.toThrow(refused)
  expect(treeOf(home)).toEqual(before)
})

testUnless(NO_LINKS)('links of this user are followed', async () => {
  using folder = scratch()
  const { home, other } = await places(folder)
  const mine = folder.file('mine')
  mkdirSync(folder.file('far/away'), { recursive: true })
  symlinkSync(folder.file('far/away'), folder.file('near'))
  symlinkSync('near/../../home', mine)
  await pack(other, join(mine, 'new.npkg'))
  NumPack.with(join(mine, 's.npk'), npk => npk.save({ more: [1] }))
  expect(Object.keys(treeOf(home))).toContain('new.npkg')
  expect(NumPack.with(join(home, 's.npk'), npk => npk.getMemberList())).toEqual(['more', 'salaries'])
})

/** Exchanges the shared folder for a link of another user at each check in turn. Returns the number of checks. */
async function exchangedAtEachCheck(
  work: (share: string, other: string, source: string, control: CountingControl) => Promise<void>,
): Promise<number> {
  let checks = 0
  for (let at = 0; at <= checks; at++) {
    using folder = scratch()
    const { home, share, other, package: source } = await places(folder)
    const theirs = join(share, 's.npk')
    NumPack.with(theirs, npk => npk.save({ shared: [1] }))
    await pack(theirs, join(share, 's.npkg'))
    const before = treeOf(home)
    const control = new CountingControl(check => {
      if (check !== at) return
      renameSync(share, folder.file('away'))
      symlinkSync(home, share)
      lchownSync(share, ATTACKER, ATTACKER)
    })
    await work(share, other, source, control).catch((error: unknown) => {
      if (!(error instanceof NumPackError)) throw error
    })
    expect(treeOf(home), `check ${at}`).toEqual(before)
    checks = Math.max(checks, control.checks)
  }
  return checks
}

test('a package goes into the folder that its target lay in first, whatever takes that folder’s place', async ({
  skip,
}) => {
  skip(cannotGive, WHY)
  const checks = await exchangedAtEachCheck((share, other, _source, control) =>
    packStore(
      { source: other, target: join(share, 's.npkg'), compression: true, overwrite: true, version: 1, verify: true },
      control,
    ),
  )
  expect(checks).toBeGreaterThan(3)
})

test('a store is restored where its target lay first, whatever takes the place of the folder around it', async ({
  skip,
}) => {
  skip(cannotGive, WHY)
  const checks = await exchangedAtEachCheck((share, _other, source, control) =>
    unpackFile({ source, target: join(share, 's.npk'), overwrite: true, verify: true }, control),
  )
  expect(checks).toBeGreaterThan(3)
})

test('a store is packed from the folder that its path led to first', async ({ skip }) => {
  skip(cannotGive, WHY)
  await exchangedAtEachCheck(async (share, _other, _source, control) => {
    const target = join(dirname(share), 'x.npkg')
    const job = { compression: true, overwrite: true, version: 1, verify: true } as const
    await packStore({ source: join(share, 's.npk'), target, ...job }, control)
    expect((await getPackageInfo(target)).files.map(({ name }) => name)).toContain('data_shared.npkd')
  })
})
