import { removeFolder } from '../../test-support/remove-folder.ts'
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import type { opendir, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Result } from '../contract/types.ts'
import { DiskCalls } from './disk-calls.ts'
import * as folders from './folders.ts'
import { findPath } from './store-path.ts'
import { testUnless } from '../../test-support/test-unless.ts'
import { NO_LINKS } from '../../test-support/missing.ts'

/** Names of the links that were followed. */
const followed: string[] = []
/** Milliseconds that the disk takes to wake up, for each look and for each name, on the clock of these tests. */
const disk = { clock: 0, wake: 0, look: 0, name: 0 }

vi.mock('node:fs/promises', async importOriginal => {
  const fs = await importOriginal<{ opendir: typeof opendir; stat: typeof stat }>()
  const look = async (path: string): Promise<unknown> => {
    if (basename(path).startsWith('link')) followed.push(basename(path))
    disk.clock += disk.look
    return fs.stat(path)
  }
  const open = async (path: string, options: object): Promise<unknown> => {
    const dir = await fs.opendir(path, options)
    const read = async (): Promise<unknown> => {
      disk.clock += disk.wake + disk.name
      disk.wake = 0
      return dir.read()
    }
    return { read, close: async () => dir.close() }
  }
  return { ...fs, stat: look, opendir: open }
})

let folder: string

const listFolder = async (path: string): Promise<Result<'listFolder'>> => folders.listFolder(path, new DiskCalls())

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'folders-'))
  followed.length = 0
  Object.assign(disk, { clock: 0, wake: 0, look: 0, name: 0 })
  vi.spyOn(performance, 'now').mockImplementation(() => disk.clock)
})

afterEach(() => {
  vi.restoreAllMocks()
  removeFolder(folder)
})

testUnless(NO_LINKS)('a folder of more than 10,000 links is listed in part, and marked as truncated', async () => {
  for (let i = 0; i <= 10_000; i++) symlinkSync('nowhere', join(folder, `link${i}`))
  expect(await listFolder(folder)).toMatchObject({ entries: [], truncated: true })
  expect(followed.length).toBe(10_000)
})

test('links beyond the entries that are listed are not followed', async () => {
  for (let i = 0; i <= 2000; i++) mkdirSync(join(folder, `a${i}`))
  for (let i = 0; i < 100; i++) symlinkSync('a0', join(folder, `link${i}`))
  const { entries, truncated } = await listFolder(folder)
  expect(entries.map(({ name }) => name)).toEqual(Array.from({ length: 2000 }, (_, i) => `a${i}`))
  expect(truncated).toBe(true)
  expect(followed).toEqual([])
})

testUnless(NO_LINKS)(
  'entries of a slow disk are looked at for two seconds, and the rest is listed as folders',
  async () => {
    disk.look = 20
    for (let i = 0; i < 300; i++) {
      mkdirSync(join(folder, `a${i}`))
      writeFileSync(join(folder, `a${i}`, 'metadata.npkm'), '')
    }
    for (let i = 0; i < 10; i++) symlinkSync('nowhere', join(folder, `link${i}`))
    const { entries, truncated } = await listFolder(folder)
    const kinds = entries.map(({ kind }) => kind)
    const known = kinds.indexOf('folder')
    expect(known).toBeGreaterThan(50)
    expect(known).toBeLessThanOrEqual(100)
    expect(kinds.slice(known)).toEqual(Array.from({ length: 310 - known }, () => 'folder'))
    expect(truncated).toBe(false)
    expect(followed).toEqual([])
  },
)

test('a disk that never answers prolongs the listing by two waits at most', async () => {
  for (let i = 0; i < 60; i++) mkdirSync(join(folder, `a${i}`))
  const disks = new DiskCalls()
  vi.spyOn(disks, 'run').mockImplementation(async () => {
    disk.clock += 1000
    return undefined
  })
  const { entries } = await folders.listFolder(folder, disks)
  expect(disk.clock).toBe(4000)
  expect(entries.map(({ kind }) => kind)).toEqual(Array.from({ length: 60 }, () => 'folder'))
})

test('the names in a folder of a slow disk are read for two seconds after the first, and the list is marked as truncated', async () => {
  disk.name = 100
  for (let i = 0; i < 100; i++) mkdirSync(join(folder, `a${i}`))
  const { entries, truncated } = await listFolder(folder)
  expect(entries.length).toBeGreaterThan(10)
  expect(entries.length).toBeLessThanOrEqual(22)
  expect(truncated).toBe(true)
})

test('a disk that takes long for the first name only, because it was asleep, has all its names listed', async () => {
  disk.wake = 4000
  for (let i = 0; i < 100; i++) mkdirSync(join(folder, `a${i}`))
  expect(await listFolder(folder)).toMatchObject({ entries: { length: 100 }, truncated: false })
})

testUnless(NO_LINKS)('links to folders are listed among the folders, links to nothing are not listed', async () => {
  mkdirSync(join(folder, 'b'))
  symlinkSync('b', join(folder, 'link'))
  symlinkSync('nowhere', join(folder, 'link2'))
  const { entries, truncated } = await listFolder(folder)
  expect(entries.map(({ name }) => name)).toEqual(['b', 'link'])
  expect(truncated).toBe(false)
})

test('a path of a store, of its metadata or of a package, quoted or as a URL, is found, and the folder that holds it is listed', async () => {
  const store = join(folder, 'My data.npk')
  mkdirSync(store)
  writeFileSync(join(store, 'metadata.npkm'), '')
  writeFileSync(join(folder, 'old.npkg'), '')
  for (const given of [store, join(store, 'metadata.npkm'), `"${store}"`, pathToFileURL(store).href])
    expect(await listFolder(given)).toMatchObject({ path: folder, found: { kind: 'store', path: store } })
  expect(await listFolder(pathToFileURL(join(folder, 'old.npkg')).href)).toMatchObject({
    path: folder,
    found: { kind: 'package', path: join(folder, 'old.npkg') },
  })
  expect(findPath(`'${store}'`)).toEqual({ kind: 'store', path: store })
  expect((await listFolder(folder)).found).toBeNull()
})

testUnless(process.platform === 'linux' ? null : 'only Linux has names that are not UTF-8')(
  'a name that is not UTF-8 is listed with the reason why it can’t be opened',
  async () => {
    mkdirSync(Buffer.concat([Buffer.from(join(folder, 'caf')), Buffer.of(0xe9)]))
    mkdirSync(join(folder, 'really \uFFFD'))
    expect((await listFolder(folder)).entries.map(({ name, problem }) => [name, problem])).toEqual([
      ['caf\uFFFD', 'Its name holds bytes that are not UTF-8. Rename it to open it.'],
      ['really \uFFFD', null],
    ])
    expect(() => findPath(join(folder, 'caf\uFFFD', 'a.npk'))).toThrow(
      'is not there. If � stands for a byte that is not UTF-8, rename that file or folder.',
    )
  },
)
