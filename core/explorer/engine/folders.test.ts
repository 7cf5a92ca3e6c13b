import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import type { stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Result } from '../contract/types.ts'
import { DiskCalls } from './disk-calls.ts'
import * as folders from './folders.ts'
import { findPath } from './store-path.ts'

/** Names of the links that were followed. */
const followed: string[] = []

vi.mock('node:fs/promises', async importOriginal => {
  const fs = await importOriginal<{ stat: typeof stat }>()
  const statAndNote = async (path: string): Promise<unknown> => {
    if (basename(path).startsWith('link')) followed.push(basename(path))
    return fs.stat(path)
  }
  return { ...fs, stat: statAndNote }
})

let folder: string

const listFolder = async (path: string): Promise<Result<'listFolder'>> => folders.listFolder(path, new DiskCalls())

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'folders-'))
  followed.length = 0
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a folder of more than 10,000 links is listed in part, and marked as truncated', async () => {
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

test('links to folders are listed among the folders, links to nothing are not listed', async () => {
  mkdirSync(join(folder, 'b'))
  symlinkSync('b', join(folder, 'link'))
  symlinkSync('nowhere', join(folder, 'link2'))
  const { entries, truncated } = await listFolder(folder)
  expect(entries.map(({ name }) => name)).toEqual(['b', 'link'])
  expect(truncated).toBe(false)
})

test('a path of a store or package, quoted or as a URL, is found, and the folder that holds it is listed', async () => {
  const store = join(folder, 'My data.npk')
  mkdirSync(store)
  writeFileSync(join(store, 'metadata.npkm'), '')
  writeFileSync(join(folder, 'old.npkg'), '')
  for (const given of [store, `"${store}"`, pathToFileURL(store).href])
    expect(await listFolder(given)).toMatchObject({ path: folder, found: { kind: 'store', path: store } })
  expect(await listFolder(pathToFileURL(join(folder, 'old.npkg')).href)).toMatchObject({
    path: folder,
    found: { kind: 'package', path: join(folder, 'old.npkg') },
  })
  expect(findPath(`'${store}'`)).toEqual({ kind: 'store', path: store })
  expect((await listFolder(folder)).found).toBeNull()
})

test.runIf(process.platform === 'linux')(
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
