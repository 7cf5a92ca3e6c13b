import { removeFolder } from '../../test-support/remove-folder.ts'
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import type { opendir, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { MemoryRecents } from '../../database/memory-recents.ts'
import { KeptSettings } from './kept-settings.ts'
import { ExplorerService } from './service.ts'

const DEAD = '/dead'

/** Folders with these names answer `stat`, but their entries can't be opened or read. */
const UNOPENED = '/unopened'
const UNREAD = '/unread'

const asked: string[] = []
const closed: string[] = []
let disk: PromiseWithResolvers<void>

vi.mock('node:fs/promises', async importOriginal => {
  const fs = await importOriginal<{ opendir: typeof opendir; stat: typeof stat }>()
  const look = async (path: string): Promise<unknown> => {
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false
    if (!(isLink ? readlinkSync(path) : path).includes(DEAD)) return fs.stat(path)
    asked.push(path)
    await disk.promise
    return statSync(existsSync(path) ? path : STORE)
  }
  const open = async (folder: string, options: object): Promise<unknown> => {
    if (folder.endsWith(UNOPENED)) await disk.promise
    const dir = await fs.opendir(folder, options)
    const answer = async (): Promise<void> => (folder.endsWith(UNREAD) ? disk.promise : undefined)
    return {
      read: async () => answer().then(async () => dir.read()),
      close: async () => {
        await answer()
        await dir.close()
        closed.push(folder)
      },
    }
  }
  return { ...fs, stat: look, opendir: open }
})

const STORE = path.resolve(import.meta.dirname, '../../fixtures/stores/deleted.npk')
const ENTRY = { sizeBytes: 1, arrayCount: 1 }

let folder: string
let recents: MemoryRecents
let service: ExplorerService

const opened = (file: string): unknown => recents.opened({ path: file, name: path.basename(file), ...ENTRY })

async function missing(): Promise<Record<string, boolean>> {
  const { result } = await service.handle('listRecents', {})
  return Object.fromEntries(result.recents.map(recent => [recent.path, recent.missing]))
}

beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'unanswered-')))
  asked.length = 0
  closed.length = 0
  disk = Promise.withResolvers()
  recents = new MemoryRecents()
  service = new ExplorerService({
    recents,
    settings: new KeptSettings({ folder: null, onNotice: () => {} }),
    stores: [],
    firstGeneration: 0,
    lastStoreId: 0,
    cacheFolder: null,
    onEvent: () => {},
    onTask: () => {},
  })
})

afterEach(async () => {
  disk.resolve()
  await new Promise(setImmediate)
  service.close()
  removeFolder(folder)
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

test('a folder of backups whose disk answers no more is proposed no more', async () => {
  const source = path.join(folder, 'mine.npk')
  cpSync(STORE, source, { recursive: true })
  const used = makeFolder('dead', false)
  const target = async (): Promise<string> =>
    (await service.handle('suggestTarget', { kind: 'backup', source, folder: used })).result.target
  disk.resolve()
  const made = { path: path.join(used, 'mine.npkg'), originalSize: 1, packageSize: 1, verified: 1 }
  opened(source)
  await service.handle('rememberBackup', { source, backup: made })
  expect(await target()).toBe(made.path)
  disk = Promise.withResolvers()
  const { backup } = (await service.handle('lastBackup', { source })).result
  expect(backup?.file).toBe('missing')
  expect(await target()).toBe(path.join(folder, 'mine.npkg'))
})

test('a link to a disk that doesn’t answer is followed only as far as others are still answered', async () => {
  const source = makeFolder('mine.npk', false)
  symlinkSync('/dead/mine.npkg', path.join(folder, 'mine.npkg'))
  const suggested = await service.handle('suggestTarget', { kind: 'backup', source, folder: null })
  expect(suggested.result).toMatchObject({ taken: true, free: path.join(folder, 'mine (2).npkg') })
  const checked = await service.handle('checkTarget', { kind: 'backup', source, target: path.join(folder, 'mine') })
  expect(checked.result.problem).toContain("its disk doesn't answer")
  symlinkSync('/dead/metadata.npkm', path.join(source, 'metadata.npkm'))
  await expect(service.handle('listFolder', { path: source })).rejects.toMatchObject({ code: 'IO' })
}, 30_000)

function makeFolder(name: string, isStore: boolean): string {
  const made = path.join(folder, name)
  mkdirSync(made)
  if (isStore) writeFileSync(path.join(made, 'metadata.npkm'), '')
  return made
}

async function kinds(): Promise<Record<string, string>> {
  const { result } = await service.handle('listFolder', { path: folder })
  return Object.fromEntries(result.entries.map(({ name, kind }) => [name, kind]))
}

test('an entry whose disk doesn’t answer is listed as a folder and looked at once; other entries keep their kinds', async () => {
  makeFolder('dead', true)
  makeFolder('mine.npk', true)
  makeFolder('plain', false)
  for (let times = 0; times < 2; times++)
    expect(await kinds()).toEqual({ dead: 'folder', 'mine.npk': 'store', plain: 'folder' })
  expect(asked).toEqual([path.join(folder, 'dead', 'metadata.npkm')])
  disk.resolve()
  await new Promise(setImmediate)
  expect(await kinds()).toMatchObject({ dead: 'store' })
})

test('entries on any number of disks that don’t answer leave a thread for opening other folders', async () => {
  for (let i = 0; i < 5; i++) makeFolder(`dead${i}`, true)
  const other = makeFolder('other', false)
  await kinds()
  expect(asked).toHaveLength(2)
  expect((await service.handle('listFolder', { path: other })).result).toMatchObject({ path: other, entries: [] })
})

test('a chosen path on a disk that doesn’t answer is refused within seconds, and others are answered', async () => {
  const dead = makeFolder('dead', true)
  const refused = {
    code: 'IO',
    message: `Can't open ${dead}: its disk doesn't answer. See to that disk and try again.`,
  }
  await expect(service.handle('listFolder', { path: dead })).rejects.toMatchObject(refused)
  await expect(service.handle('openStore', { path: dead })).rejects.toMatchObject(refused)
  await expect(service.handle('checkTarget', { kind: 'unpack', source: STORE, target: dead })).rejects.toMatchObject(
    refused,
  )
  await expect(service.handle('suggestTarget', { kind: 'backup', source: dead, folder: null })).rejects.toMatchObject(
    refused,
  )
  expect(asked).toEqual([dead])
  expect((await service.handle('openStore', { path: STORE })).result.store.path).toBe(STORE)
}, 30_000)

test('stores that come back by themselves on disks that don’t answer leave a thread for a chosen path', async () => {
  for (let i = 0; i < 4; i++)
    await expect(
      service.handle('openStore', { path: makeFolder(`dead${i}`, true), isReopening: true }),
    ).rejects.toMatchObject({ code: 'IO' })
  expect(asked).toHaveLength(2)
  expect((await service.handle('openStore', { path: STORE })).result.store.path).toBe(STORE)
}, 30_000)

test('disks that don’t answer leave no thread for recent stores, and other paths are refused for the right reason', async () => {
  for (let i = 0; i < 3; i++) makeFolder(`dead${i}`, true)
  const other = makeFolder('other', false)
  await kinds()
  opened('/dead/a.npk')
  await service.handle('listRecents', {})
  expect(asked).toHaveLength(2)
  await expect(service.handle('listFolder', { path: path.join(folder, 'dead2') })).rejects.toMatchObject({ code: 'IO' })
  expect(asked).toHaveLength(3)
  await expect(service.handle('listFolder', { path: other })).rejects.toMatchObject({
    code: 'IO',
    message: `Can't open ${other}: 3 calls to disks that don't answer still wait. See to those disks, or start the program again.`,
  })
  disk.resolve()
  await new Promise(setImmediate)
  expect((await service.handle('listFolder', { path: other })).result).toMatchObject({ path: other })
}, 30_000)

test.each([UNOPENED, UNREAD])(
  'a folder %s that is listed on a disk that doesn’t answer is refused, and closed once it does',
  async name => {
    const dead = makeFolder(name, false)
    const message = `Can't open ${dead}: its disk doesn't answer. See to that disk and try again.`
    await expect(service.handle('listFolder', { path: dead })).rejects.toMatchObject({ code: 'IO', message })
    expect(closed).not.toContain(dead)
    disk.resolve()
    await vi.waitFor(() => expect(closed).toContain(dead))
  },
  30_000,
)
