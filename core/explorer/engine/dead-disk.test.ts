import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs'
import type { stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { MemoryRecents } from '../../database/memory-recents.ts'
import { ExplorerService } from './service.ts'

/** Paths below this one lie on a disk that doesn't answer. */
const DEAD = '/dead/'

/** Paths that were passed to `stat`. */
const asked: string[] = []
let disk: PromiseWithResolvers<void>

vi.mock('node:fs/promises', async importOriginal => {
  const fs = await importOriginal<{ stat: typeof stat }>()
  const look = async (path: string): Promise<unknown> => {
    if (!path.startsWith(DEAD)) return fs.stat(path)
    asked.push(path)
    await disk.promise
    return statSync(STORE)
  }
  return { ...fs, stat: look }
})

const STORE = path.resolve(import.meta.dirname, '../../fixtures/stores/deleted.npk')
const ENTRY = { sizeBytes: 1, arrayCount: 1 }

let folder: string
let recents: MemoryRecents
let service: ExplorerService

const opened = (file: string): unknown => recents.opened({ path: file, name: path.basename(file), ...ENTRY })

/** Whether each recent store is missing, by its path. */
async function missing(): Promise<Record<string, boolean>> {
  const { result } = await service.handle('listRecents', {})
  return Object.fromEntries(result.recents.map(recent => [recent.path, recent.missing]))
}

beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'dead-disk-')))
  asked.length = 0
  disk = Promise.withResolvers()
  recents = new MemoryRecents()
  service = new ExplorerService({
    recents,
    stores: [],
    firstGeneration: 0,
    cacheFolder: null,
    onEvent: () => {},
    onTask: () => {},
  })
})

afterEach(async () => {
  disk.resolve()
  await new Promise(setImmediate)
  service.close()
  rmSync(folder, { recursive: true, force: true })
})

test('recent stores on a disk that doesn’t answer keep one thread waiting, however often they are listed', async () => {
  const gone = path.join(folder, 'gone.npk')
  for (const file of [STORE, gone]) opened(file)
  expect(await missing()).toEqual({ [STORE]: false, [gone]: true })
  for (let i = 0; i < 5; i++) opened(`${DEAD}${i}.npk`)
  for (let times = 0; times < 3; times++) {
    const listed = await missing()
    expect(listed).toMatchObject({ [asked[0] ?? 'none']: true, [STORE]: false, [gone]: true })
  }
  expect(asked).toHaveLength(1)
})

test('recent stores are checked again once the disk answers', async () => {
  opened('/dead/a.npk')
  expect(await missing()).toEqual({ '/dead/a.npk': true })
  disk.resolve()
  await new Promise(setImmediate)
  expect(await missing()).toEqual({ '/dead/a.npk': false })
})

test('a backup on a disk that doesn’t answer counts as missing, and its store can still be read', async () => {
  opened(STORE)
  const backup = { path: '/dead/x.npkg', originalSize: 1, packageSize: 1, verified: 1 }
  await service.handle('rememberBackup', { source: STORE, backup })
  for (let times = 0; times < 2; times++) {
    const { result } = await service.handle('lastBackup', { source: STORE })
    expect(result.backup).toMatchObject({ file: 'missing', outdated: false })
  }
  expect(asked).toEqual(['/dead/x.npkg'])
})

test('a folder of backups on a disk that doesn’t answer is not proposed', async () => {
  const source = path.join(folder, 'mine.npk')
  cpSync(STORE, source, { recursive: true })
  const used = path.join(folder, 'used')
  mkdirSync(used)
  const target = async (last: string): Promise<string> =>
    (await service.handle('suggestTarget', { kind: 'backup', source, folder: last })).result.target
  expect(await target(used)).toBe(path.join(used, 'mine.npkg'))
  for (let times = 0; times < 2; times++) expect(await target('/dead/used')).toBe(path.join(folder, 'mine.npkg'))
  expect(asked).toEqual(['/dead/used'])
})
